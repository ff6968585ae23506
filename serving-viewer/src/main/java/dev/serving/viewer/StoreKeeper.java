package dev.serving.viewer;

import dev.serving.viewer.store.TraceStore;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Has the store keep up with its disk and its age, on a thread of its own, twice a second. */
final class StoreKeeper implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(StoreKeeper.class.getName());
  private static final int PERIOD_MILLIS = 500;
  private static final int STOP_SECONDS = 10;

  private final TraceStore store;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("viewer-store", true));
  private boolean failing;

  private StoreKeeper(TraceStore store) {
    this.store = store;
  }

  static StoreKeeper start(TraceStore store, ErrorWatch watch) {
    StoreKeeper keeper = new StoreKeeper(store);
    var unused =
        keeper.clock.scheduleWithFixedDelay(
            watch.over(keeper::keepUp), PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return keeper;
  }

  /** Keeps the rest and lets go of the store's directory. */
  static void close(TraceStore store) {
    try {
      store.close();
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING, "the last traces are not on the disk: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    clock.shutdown();
    try {
      if (clock.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        close(store);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One line when the disk begins to refuse, one when it takes again. */
  private void keepUp() {
    try {
      store.keepUp();
      if (failing) {
        failing = false;
        LOG.log(System.Logger.Level.INFO, "traces are kept on the disk again");
      }
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        LOG.log(
            System.Logger.Level.WARNING,
            "traces are kept in memory alone for now: " + e.getMessage());
      }
    }
  }
}
