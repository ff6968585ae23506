package dev.serving.core.frontend;

/**
 * When tokens came: those of one choice, or of a whole request. Used by the request's postprocess
 * thread only.
 */
final class TokenClock {
  private long firstNanos;
  private long lastNanos;

  /**
   * Tokens came.
   *
   * @param nanos when, by {@link System#nanoTime}
   * @return the time since those before in nanoseconds, or -1 for the first
   */
  long tick(long nanos) {
    long since = lastNanos == 0 ? -1 : nanos - lastNanos;
    firstNanos = firstNanos == 0 ? nanos : firstNanos;
    lastNanos = nanos;
    return since;
  }

  /** When the first came, by {@link System#nanoTime}; 0 when none has. */
  long firstNanos() {
    return firstNanos;
  }

  /** When the last came, by {@link System#nanoTime}; 0 when none has. */
  long lastNanos() {
    return lastNanos;
  }
}
