package dev.serving.cli;

import java.util.concurrent.Callable;

/**
 * Ctrl-C in a conversation: it cuts the answer that is being given; where none is, it ends the
 * process.
 */
final class Cut implements AutoCloseable {
  private static final int CTRL_C = 2;

  private final Signals signals;
  private Thread busy;

  private Cut() {
    signals = Signals.hear(this::heard);
  }

  /** Hears it from now on. */
  static Cut install() {
    return new Cut();
  }

  /**
   * Does what Ctrl-C cuts: it interrupts the calling thread.
   *
   * @return whether it came to its end
   */
  boolean during(Callable<Void> work) throws Exception {
    begin();
    try {
      work.call();
      return true;
    } catch (InterruptedException e) {
      return false;
    } finally {
      end();
    }
  }

  private synchronized void begin() {
    busy = Thread.currentThread();
  }

  /** One that came too late is forgotten. */
  private synchronized void end() {
    busy = null;
    Thread.interrupted();
  }

  private void heard(int number) {
    if (number == CTRL_C && interrupts()) {
      return;
    }
    Terminal.endLine();
    System.exit(Signals.SIGNALLED + number);
  }

  private synchronized boolean interrupts() {
    if (busy != null) {
      busy.interrupt();
    }
    return busy != null;
  }

  @Override
  public void close() {
    signals.close();
  }
}
