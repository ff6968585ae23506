package dev.serving.cli.load;

import dev.serving.cli.load.Outcome.Ending;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Tells of a load's progress while it runs, from a thread of its own. */
final class ProgressClock {
  private static final long EVERY_MILLIS = 250;

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(ProgressClock::thread);
  private final Progress progress;
  private final Tally tally;
  private final LoadConfig config;
  private final long beginNanos;

  private ProgressClock(Progress progress, Tally tally, LoadConfig config, long beginNanos) {
    this.progress = progress;
    this.tally = tally;
    this.config = config;
    this.beginNanos = beginNanos;
  }

  static ProgressClock start(Progress progress, Tally tally, LoadConfig config, long beginNanos) {
    ProgressClock clock = new ProgressClock(progress, tally, config, beginNanos);
    Future<?> unused =
        clock.executor.scheduleAtFixedRate(
            clock::tell, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    return clock;
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "progress");
    thread.setDaemon(true);
    return thread;
  }

  private void tell() {
    int ended = tally.ended();
    double seconds = (System.nanoTime() - beginNanos) / 1e9;
    double ofRequests = ended / (double) config.numPrompts();
    double ofTime = config.hasDuration() ? seconds * 1e9 / config.duration().toNanos() : 0;
    double share = Math.min(1, Math.max(ofRequests, ofTime));
    progress.at(share, ended, tally.ended(Ending.FAILED), seconds);
  }

  /** Ends it; nothing is told afterwards. */
  void stop() throws InterruptedException {
    executor.shutdown();
    if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
      executor.shutdownNow();
    }
  }
}
