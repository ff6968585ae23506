package dev.serving.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A clean end on SIGINT and SIGTERM with exit code 0.
 *
 * <p>The JVM runs its shutdown hooks beside the other threads, so the hook here only says "stop"
 * and then waits until the main thread has put everything away.
 */
final class Shutdown implements AutoCloseable {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  private Shutdown() {}

  /**
   * Catches signals from now on; a second one ends the process at once.
   *
   * @param patience longest time that putting away may take after a signal
   */
  static Shutdown install(Duration patience) {
    return install(patience, Shutdown::offerSecond);
  }

  private static void offerSecond() {
    SecondSignal.endsAtOnce();
    if (Terminal.watchesErrors()) { // behind the ^C that it shows
      System.err.println(System.lineSeparator() + "Ending; a second Ctrl-C does so at once");
    }
  }

  private static Shutdown install(Duration patience, Runnable signalled) {
    Shutdown shutdown = new Shutdown();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> shutdown.hold(patience, signalled), "shutdown"));
    return shutdown;
  }

  /**
   * Runs work that a signal must not cut short: whoever started this process ends the work.
   *
   * @param patience longest time that the work may go on after a signal
   */
  static <T> T outlasting(Duration patience, Callable<T> work) throws Exception {
    Shutdown shutdown = install(patience, () -> {});
    try {
      return work.call();
    } finally {
      shutdown.close();
    }
  }

  /** Waits until a signal comes, or {@link #request} is called. */
  void awaitSignal() throws InterruptedException {
    asked.await();
  }

  /** As if a signal had come. */
  void request() {
    asked.countDown();
  }

  /** Everything is put away: the process may end. */
  @Override
  public void close() {
    done.countDown();
  }

  private void hold(Duration patience, Runnable signalled) {
    if (done.getCount() == 0) {
      return; // an ordinary exit, with a code of its own
    }
    signalled.run();
    asked.countDown();
    try {
      boolean clean = done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
      Runtime.getRuntime().halt(clean ? 0 : 1); // the JVM itself would say 143
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
