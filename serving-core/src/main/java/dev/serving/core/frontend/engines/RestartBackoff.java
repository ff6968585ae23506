package dev.serving.core.frontend.engines;

import java.time.Duration;

/**
 * How long to wait before an engine is started again: not at all, unless it has failed before and
 * not served since. Then longer each time.
 */
final class RestartBackoff {
  private final long first;
  private final long longest;
  private long next;

  RestartBackoff(Duration first, Duration longest) {
    this.first = first.toNanos();
    this.longest = longest.toNanos();
  }

  /** The engine serves. */
  void ready() {
    next = 0;
  }

  /** The engine failed: returns how long to wait, in nanoseconds. */
  long failed() {
    long wait = next;
    next = wait == 0 ? first : Math.min(longest, 2 * wait);
    return wait;
  }
}
