package dev.serving.cli.load;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Does something a few times a second, in a thread of its own, until it is stopped. */
public final class Ticker {
  private static final long EVERY_MILLIS = 250;

  private final ScheduledExecutorService executor;

  private Ticker(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  /**
   * Begins.
   *
   * @param thread its name
   * @param firstMillis when it is done first
   * @param tick what; must not throw
   */
  public static Ticker start(String thread, long firstMillis, Runnable tick) {
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(work -> daemon(work, thread));
    Future<?> unused =
        executor.scheduleAtFixedRate(tick, firstMillis, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    return new Ticker(executor);
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Ends it; nothing is done afterwards. An interrupt is kept for the caller. */
  public void stop() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
