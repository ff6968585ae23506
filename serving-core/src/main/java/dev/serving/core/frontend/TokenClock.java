package dev.serving.core.frontend;

/**
 * When tokens came: those of one choice, or of a whole request. Used by the request's postprocess
 * thread only.
 */
final class TokenClock {
  private long firstNanos;
  private long lastNanos;
  private boolean interrupted;

  /**
   * Tokens came.
   *
   * @param nanos when, by {@link System#nanoTime}
   * @return the time since those before in nanoseconds, or -1 for the first, and for those that
   *     came late since nobody read
   */
  long tick(long nanos) {
    long since = lastNanos == 0 || interrupted ? -1 : nanos - lastNanos;
    interrupted = false;
    firstNanos = firstNanos == 0 ? nanos : firstNanos;
    lastNanos = nanos;
    return since;
  }

  /** What comes next is late, and not by the server's fault. */
  void interrupted() {
    interrupted = true;
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
