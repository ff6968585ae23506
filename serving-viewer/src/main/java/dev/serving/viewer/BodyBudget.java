package dev.serving.viewer;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of request bodies may be in memory at once, over all connections. */
final class BodyBudget {
  private final long max;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(long max) {
    this.max = max;
  }

  /** Takes so many bytes, or none and says false. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) <= max) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /** What is taken now, in bytes. */
  long taken() {
    return taken.get();
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }
}
