package dev.serving.core.frontend.engines;

import java.time.Duration;

/** How long to wait before an engine is started again: doubles until one has served a while. */
final class RestartBackoff {
  private static final long STABLE_NANOS = Duration.ofSeconds(30).toNanos();

  private final long first;
  private final long longest;
  private long next;
  private long readySince = Long.MAX_VALUE;

  RestartBackoff(Duration first, Duration longest) {
    this.first = first.toNanos();
    this.longest = longest.toNanos();
    this.next = this.first;
  }

  /** The engine serves from now on. */
  void ready(long nowNanos) {
    readySince = nowNanos;
  }

  /** The engine failed: returns how long to wait, in nanoseconds. */
  long failed(long nowNanos) {
    if (readySince != Long.MAX_VALUE && nowNanos - readySince >= STABLE_NANOS) {
      next = first;
    }
    readySince = Long.MAX_VALUE;
    long wait = next;
    next = Math.min(longest, 2 * next);
    return wait;
  }
}
