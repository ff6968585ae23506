package dev.serving.core.frontend;

import dev.serving.core.frontend.http.Wakeups;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread of the worker {@code postprocess}: does what it is given, in order. A step's tokens come
 * together, so who gives them wakes it once for all of them, and it wakes the event loops that it
 * gave pieces to when nothing is left to do, not for each piece.
 */
final class PostprocessThread implements Executor, AutoCloseable {
  /** Works after which event loops are woken all the same: nobody waits for long. */
  private static final int MANY = 32;

  private final Queue<Runnable> works = new ConcurrentLinkedQueue<>(); // bounded by open requests
  private final Wakeups wakeups = new Wakeups();
  private final Thread thread;
  private volatile boolean asleep;
  private volatile boolean closed;

  /** Starts. */
  PostprocessThread(ThreadFactory threads) {
    thread = threads.newThread(this::run);
    thread.start();
  }

  /** Has the thread do this, after what it was given before. After the end nothing is done. */
  @Override
  public void execute(Runnable work) {
    later(work);
    wake();
  }

  /** The same, but not before the next {@link #wake}, or whenever it is awake. */
  void later(Runnable work) {
    if (!closed) {
      works.add(work);
    }
  }

  /** Wakes the thread if it has something to do. Any thread. */
  void wake() {
    if (asleep && !works.isEmpty()) {
      asleep = false;
      LockSupport.unpark(thread);
    }
  }

  /** Through which this thread sends; not for others. */
  Wakeups wakeups() {
    return wakeups;
  }

  private void run() {
    while (!closed || !works.isEmpty()) {
      workThrough();
      RequestWork.run(wakeups::wake);
      sleep();
    }
  }

  private void workThrough() {
    Runnable work = works.poll();
    for (int i = 1; work != null; i++) {
      RequestWork.run(work);
      work = i < MANY ? works.poll() : null;
    }
  }

  private void sleep() {
    asleep = true; // before the look, so that whoever gives work after it sees this
    if (works.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  /** Does what was given, and ends. */
  @Override
  public void close() throws InterruptedException {
    closed = true;
    LockSupport.unpark(thread);
    thread.join(5000);
  }
}
