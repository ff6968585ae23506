package dev.serving.trace;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/** Numbers that are free, the latest returned first, so that few are ever used. Any thread. */
final class FreeEntries {
  private final int end;
  private final AtomicIntegerArray below;
  private final AtomicInteger fresh;
  private final AtomicLong top = new AtomicLong(); // a count against reuse, and a number or 0

  FreeEntries(int first, int end) {
    this.end = end;
    this.below = new AtomicIntegerArray(end);
    this.fresh = new AtomicInteger(first);
  }

  /** Returns a free number, 0 if there is none. */
  int take() {
    for (long seen = top.get(); (int) seen != 0; seen = top.get()) {
      if (top.compareAndSet(seen, next(seen, below.get((int) seen)))) {
        return (int) seen;
      }
    }
    int number = fresh.getAndUpdate(n -> Math.min(end, n + 1));
    return number < end ? number : 0;
  }

  void give(int number) {
    long seen;
    do {
      seen = top.get();
      below.set(number, (int) seen);
    } while (!top.compareAndSet(seen, next(seen, number)));
  }

  /** Numbers from here on have never been taken. */
  int used() {
    return fresh.get();
  }

  private static long next(long seen, int number) {
    return ((seen >>> 32) + 1) << 32 | number;
  }
}
