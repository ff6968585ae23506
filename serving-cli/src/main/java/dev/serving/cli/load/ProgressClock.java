package dev.serving.cli.load;

import dev.serving.cli.load.Outcome.Ending;

/**
 * Tells of a load's progress while it runs.
 *
 * @param progress is told
 * @param tally what has ended so far
 * @param config what is to be done
 * @param beginNanos when it began
 */
record ProgressClock(Progress progress, Tally tally, LoadConfig config, long beginNanos) {
  private static final long FIRST_MILLIS = 250;

  Ticker start() {
    return Ticker.start("progress", FIRST_MILLIS, this::tell);
  }

  private void tell() {
    int ended = tally.ended();
    double seconds = (System.nanoTime() - beginNanos) / 1e9;
    double ofRequests = ended / (double) config.numPrompts();
    double ofTime = config.hasDuration() ? seconds * 1e9 / config.duration().toNanos() : 0;
    double share = Math.min(1, Math.max(ofRequests, ofTime));
    progress.at(share, ended, tally.ended(Ending.FAILED), seconds);
  }
}
