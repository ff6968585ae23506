package dev.serving.core.message;

/**
 * What one step of an engine was.
 *
 * @param sequences sequences in it
 * @param prefillTokens rows that were prompt
 * @param decodeTokens rows that were last tokens
 * @param durationNs from handing it to the ranks to the last rank's answer, in nanoseconds
 */
public record StepReport(int sequences, int prefillTokens, int decodeTokens, long durationNs) {
  /** Refuses a step without sequences, with fewer rows than sequences, or before its beginning. */
  public StepReport {
    boolean rows = prefillTokens >= 0 && decodeTokens >= 0;
    if (sequences < 1 || !rows || (long) prefillTokens + decodeTokens < sequences) {
      throw new IllegalArgumentException(
          "a step of %d sequences has no %d + %d rows"
              .formatted(sequences, prefillTokens, decodeTokens));
    }
    if (durationNs < 0) {
      throw new IllegalArgumentException("durationNs must not be negative, was " + durationNs);
    }
  }
}
