package dev.serving.core.model.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed group of threads that run one task together; the caller is member 0.
 *
 * <p>Members spin for some microseconds between tasks, since a forward pass has hundreds of them,
 * and sleep when none comes. One thread at a time may call {@link #run} and {@link #forRange};
 * tasks may not call them again.
 */
public final class ThreadTeam implements AutoCloseable {
  /** A task that every member runs once. */
  @FunctionalInterface
  public interface Task {
    /** Runs as {@code member}, 0 to size - 1. */
    void run(int member);
  }

  /** A task over a part of a range of items. */
  @FunctionalInterface
  public interface RangeTask {
    /** Handles the items {@code from} (inclusive) to {@code to} (exclusive) as {@code member}. */
    void run(int member, int from, int to);
  }

  /** About 30 microseconds: longer than the gap between two kernels of a pass. */
  private static final int SPINS = 1_000;

  private final Thread[] others;

  /** How many tasks there have been: a member that has seen fewer has one to run. */
  private final AtomicInteger epoch = new AtomicInteger();

  /** Members beside the caller that still run the task. */
  private final AtomicInteger running = new AtomicInteger();

  /** What the first of them threw. */
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** The first item that no member has taken yet. */
  private final AtomicInteger nextItem = new AtomicInteger();

  /** Written before {@link #epoch} counts it, and read after: so it needs to be no more. */
  private Task task = member -> {};

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
   * Runs the task on every member and returns when all are done.
   *
   * @throws IllegalStateException if the team is closed
   */
  public void run(Task work) {
    if (closed) {
      throw new IllegalStateException("the thread team is closed");
    }
    if (others.length == 0) {
      work.run(0);
      return;
    }
    task = work;
    running.set(others.length);
    epoch.incrementAndGet();
    for (Thread t : others) {
      LockSupport.unpark(t);
    }
    attempt(work, 0);
    awaitOthers();
    rethrow(failure.getAndSet(null));
  }

  /**
   * Splits {@code items} into parts of {@code grain} that members take one after the other, so that
   * a member that was delayed takes fewer.
   */
  public void forRange(int items, int grain, RangeTask work) {
    if (others.length == 0 || items <= grain) {
      work.run(0, 0, items);
      return;
    }
    nextItem.set(0);
    run(member -> takeParts(member, items, grain, work));
  }

  /** Ends the threads; a task that runs is finished first. */
  @Override
  public void close() {
    closed = true;
    epoch.incrementAndGet();
    for (Thread t : others) {
      LockSupport.unpark(t);
    }
  }

  private void takeParts(int member, int items, int grain, RangeTask work) {
    int from;
    while ((from = nextItem.getAndAdd(grain)) < items) {
      work.run(member, from, Math.min(items, from + grain));
    }
  }

  private void serve(int member) {
    int seen = 0;
    while (true) {
      awaitEpochAfter(seen);
      seen++;
      if (closed) {
        return;
      }
      attempt(task, member);
      running.decrementAndGet();
    }
  }

  private void awaitEpochAfter(int seen) {
    for (int i = 0; epoch.get() == seen; i++) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
  }

  private void awaitOthers() {
    for (int i = 0; running.get() != 0; i++) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private void attempt(Task work, int member) {
    try {
      work.run(member);
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
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
