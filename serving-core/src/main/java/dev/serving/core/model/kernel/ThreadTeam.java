package dev.serving.core.model.kernel;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed group of threads that share the items of a range; the caller is member 0.
 *
 * <p>Nobody is waited for who has not begun: a member that the system keeps from a core finds
 * nothing left to do when it gets one, and the others have not stood still meanwhile.
 *
 * <p>Members spin for some microseconds between ranges, since a forward pass has hundreds of them,
 * and sleep when none comes. One thread at a time may call {@link #forRange} or {@link #forEach};
 * tasks may call neither.
 */
public final class ThreadTeam implements AutoCloseable {
  /** A task over a part of a range of items. */
  @FunctionalInterface
  public interface RangeTask {
    /** Handles the items {@code from} (inclusive) to {@code to} (exclusive) as {@code member}. */
    void run(int member, int from, int to);
  }

  /** A task on one item. */
  @FunctionalInterface
  public interface ItemTask {
    /** Handles an item. */
    void run(int item);
  }

  /** About 30 microseconds: longer than the gap between two kernels of a pass. */
  private static final int SPINS = 1_000;

  /** The bit of {@link #state} that says that members may begin; below it, how many have. */
  private static final long OPEN = 1 << 16;

  private static final long ROUND = OPEN << 1;

  private final Thread[] others;

  /** The number of the round, whether it is open, and how many of the others work in it. */
  private final AtomicLong state = new AtomicLong();

  /** What the first of them threw. */
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  // What the round is about: written before it opens, read by those who have begun in it.
  private final Shares shares;
  private RangeTask task;
  private volatile boolean closed;

  /**
   * Starts {@code size - 1} daemon threads.
   *
   * @throws IllegalArgumentException if the size is not between 1 and 1024
   */
  public ThreadTeam(int size) {
    if (size < 1 || size > 1024) {
      throw new IllegalArgumentException("threads must be 1 to 1024, not " + size);
    }
    shares = new Shares(size);
    others = new Thread[size - 1];
    for (int i = 0; i < others.length; i++) {
      int member = i + 1;
      others[i] = new Thread(() -> serve(member), "compute-" + member);
      others[i].setDaemon(true);
      others[i].start();
    }
  }

  /** The number of members, the caller included. */
  public int size() {
    return others.length + 1;
  }

  /**
   * Splits {@code items} into parts of {@code grain}, of which each member has a share and takes of
   * others' when it is done, so that one that was delayed does less; returns when all are handled.
   *
   * @throws IllegalStateException if the team is closed
   */
  public void forRange(int items, int grain, RangeTask work) {
    run(items, grain, size(), work);
  }

  /**
   * Handles items one by one, each by the member that comes first, in order: for items of which
   * some take much longer, and come first.
   *
   * @throws IllegalStateException if the team is closed
   */
  public void forEach(int items, ItemTask work) {
    run(items, 1, 1, (member, from, to) -> each(from, to, work));
  }

  private static void each(int from, int to, ItemTask work) {
    for (int i = from; i < to; i++) {
      work.run(i);
    }
  }

  private void run(int items, int grain, int shareCount, RangeTask work) {
    if (closed) {
      throw new IllegalStateException("the thread team is closed");
    }
    if (others.length == 0 || items <= grain) {
      work.run(0, 0, items);
      return;
    }
    shares.split(items, grain, shareCount);
    task = work;
    state.set((state.get() & -ROUND) + ROUND + OPEN);
    for (Thread t : others) {
      LockSupport.unpark(t);
    }
    takeParts(0);
    state.getAndAdd(-OPEN);
    awaitOthers();
    rethrow(failure.getAndSet(null));
  }

  /** Ends the threads. */
  @Override
  public void close() {
    closed = true;
    for (Thread t : others) {
      LockSupport.unpark(t);
    }
  }

  private void takeParts(int member) {
    try {
      shares.take(member, task);
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
    }
  }

  private void serve(int member) {
    long done = 0;
    for (int spins = 0; !closed; spins++) {
      long now = state.get();
      if ((now & OPEN) != 0 && (now & -ROUND) != done) {
        if (state.compareAndSet(now, now + 1)) {
          done = now & -ROUND;
          takeParts(member);
          state.getAndDecrement();
          spins = 0;
        }
      } else if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
  }

  private void awaitOthers() {
    for (int i = 0; (state.get() & (OPEN - 1)) != 0; i++) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private static void rethrow(Throwable t) {
    if (t instanceof Error e) {
      throw e;
    }
    if (t instanceof RuntimeException e) {
      throw e;
    }
  }
}
