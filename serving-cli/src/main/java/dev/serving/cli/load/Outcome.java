package dev.serving.cli.load;

import java.util.List;

/**
 * What became of a request. All times are of {@link System#nanoTime}.
 *
 * @param ending how it ended
 * @param dueNanos when it was to begin: the plan's time, or when it was sent
 * @param endNanos when its end was known
 * @param texts when each piece of text came
 * @param inputTokens tokens of its prompt as the server counted, 0 where it did not
 * @param outputTokens tokens of its answer as the server counted, else pieces of text
 * @param error what went wrong; empty unless it failed
 */
record Outcome(
    Ending ending,
    long dueNanos,
    long endNanos,
    List<Long> texts,
    int inputTokens,
    int outputTokens,
    String error) {
  /** How a request ended. */
  enum Ending {
    ANSWERED,
    CANCELLED,
    FAILED
  }

  boolean hasText() {
    return !texts.isEmpty();
  }

  /** From when it was to begin until the first piece of text. */
  long firstTextNanos() {
    return texts.get(0) - dueNanos;
  }

  /** From when it was to begin until its end. */
  long totalNanos() {
    return endNanos - dueNanos;
  }
}
