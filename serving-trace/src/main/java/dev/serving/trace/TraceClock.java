package dev.serving.trace;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Nanoseconds since the epoch from one anchor per process: the wall clock is read at the start, the
 * monotonic one ever after, so that times of one process never run backwards against each other.
 */
final class TraceClock implements LongSupplier {
  /** The years 2001 to 2096: what lies outside was given in another unit, or is garbage. */
  private static final long EARLIEST = 1_000_000_000_000_000_000L;

  private static final long LATEST = 4_000_000_000_000_000_000L;

  private static final int READINGS = 100;

  private final long anchor;

  private TraceClock(long anchor) {
    this.anchor = anchor;
  }

  /**
   * Reads both clocks until it has read them almost at once. A thread that is held up between the
   * two, as in a young or busy process, would put all its times so much off those of others that
   * spans seem to end after the spans around them.
   */
  static TraceClock start() {
    long anchor = 0;
    long closest = Long.MAX_VALUE;
    for (int i = 0; i < READINGS; i++) {
      long before = System.nanoTime();
      Instant wall = Instant.now();
      long apart = System.nanoTime() - before;
      if (apart < closest) {
        closest = apart;
        anchor = epoch(wall) - (before + apart / 2);
      }
    }
    return new TraceClock(anchor);
  }

  private static long epoch(Instant wall) {
    return TimeUnit.SECONDS.toNanos(wall.getEpochSecond()) + wall.getNano();
  }

  static boolean plausible(long ts) {
    return ts >= EARLIEST && ts < LATEST;
  }

  @Override
  public long getAsLong() {
    return anchor + System.nanoTime();
  }
}
