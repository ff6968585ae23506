package dev.serving.trace.export;

import java.util.concurrent.atomic.AtomicLong;

/** A finite amount of which several threads take and give back. Never blocks. */
final class Quota {
  private final long all;
  private final AtomicLong free;

  Quota(long all) {
    this.all = all;
    this.free = new AtomicLong(all);
  }

  /** Takes up to {@code most}, but nothing if {@code least} is not there; returns what it took. */
  long take(long least, long most) {
    while (true) {
      long now = free.get();
      long taken = Math.min(now, most);
      if (taken < least) {
        return 0;
      }
      if (free.compareAndSet(now, now - taken)) {
        return taken;
      }
    }
  }

  void giveBack(long amount) {
    free.addAndGet(amount);
  }

  long used() {
    return all - free.get();
  }
}
