package dev.serving.core.message;

/**
 * How long a sequence that is over was worked on, waits after a preemption included.
 *
 * @param prefillNs from its first step to its first token, in nanoseconds
 * @param decodeNs from its first token to its last, in nanoseconds
 */
public record InferenceReport(long prefillNs, long decodeNs) {
  /** Refuses negative times. */
  public InferenceReport {
    if (prefillNs < 0 || decodeNs < 0) {
      throw new IllegalArgumentException(
          "times must not be negative: prefill %d, decode %d".formatted(prefillNs, decodeNs));
    }
  }
}
