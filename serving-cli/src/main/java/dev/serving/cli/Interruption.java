package dev.serving.cli;

import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C (SIGINT) or SIGTERM as an interrupt of the thread that works: it puts away what it has
 * begun, tells what it has so far, and ends with {@link #exitCode}. A second one ends the process
 * at once.
 */
final class Interruption implements AutoCloseable {
  /** {@code timeout} sends one to the process and one to its group: these are not two. */
  private static final long SAME_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Thread worker;
  private final Signals signals;
  private int exitCode;
  private long heardNanos;

  private Interruption(Thread worker) {
    this.worker = worker;
    this.signals = Signals.hear(this::heard);
  }

  /** Has a signal interrupt the calling thread from now on, until this is closed. */
  static Interruption ofThisThread() {
    return new Interruption(Thread.currentThread());
  }

  private synchronized void heard(int number) {
    if (exitCode == 0) {
      exitCode = Signals.SIGNALLED + number;
      heardNanos = System.nanoTime();
      worker.interrupt();
    } else if (System.nanoTime() - heardNanos > SAME_NANOS) {
      SecondSignal.end(number);
    }
  }

  /** 128 and the signal's number, as shells have it; 0 where none came. */
  synchronized int exitCode() {
    return exitCode;
  }

  /** Signals do again what they did before. */
  @Override
  public void close() {
    signals.close();
  }
}
