package dev.serving.trace;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Nanoseconds since the epoch from one anchor per process: the wall clock is read once, the
 * monotonic one ever after, so that times of one process never run backwards against each other.
 */
final class TraceClock implements LongSupplier {
  /** The years 2001 to 2096: what lies outside was given in another unit, or is garbage. */
  private static final long EARLIEST = 1_000_000_000_000_000_000L;

  private static final long LATEST = 4_000_000_000_000_000_000L;

  private final long anchor;

  private TraceClock(long anchor) {
    this.anchor = anchor;
  }

  static TraceClock start() {
    Instant wall = Instant.now();
    long epoch = TimeUnit.SECONDS.toNanos(wall.getEpochSecond()) + wall.getNano();
    return new TraceClock(epoch - System.nanoTime());
  }

  static boolean plausible(long ts) {
    return ts >= EARLIEST && ts < LATEST;
  }

  @Override
  public long getAsLong() {
    return anchor + System.nanoTime();
  }
}
