package dev.serving.trace;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Nanoseconds since the epoch from an anchor: the wall clock is read once, the monotonic one ever
 * after, so that times do not run backwards against each other. When the host's clock is stepped (a
 * machine is resumed, NTP corrects it) there is a new anchor; each request keeps the one that it
 * began with.
 */
final class TraceClock {
  /** The years 2001 to 2096: what lies outside was given in another unit, or is garbage. */
  private static final long EARLIEST = 1_000_000_000_000_000_000L;

  private static final long LATEST = 4_000_000_000_000_000_000L;

  private static final int READINGS = 100;

  /** So little between two readings is as good as none, where there is no time for a hundred. */
  private static final long AT_ONCE = TimeUnit.MICROSECONDS.toNanos(5);

  /**
   * Less is not taken for a step: the host's clock is slewed by so much, and both clocks with it.
   */
  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(100);

  private final LongSupplier monotonic;
  private final LongSupplier wall;
  private volatile long anchor;

  private TraceClock(LongSupplier monotonic, LongSupplier wall, long anchor) {
    this.monotonic = monotonic;
    this.wall = wall;
    this.anchor = anchor;
  }

  /** Returns the clock of this process. */
  static TraceClock start() {
    return of(System::nanoTime, () -> epoch(Instant.now()));
  }

  /** Returns the clock that the configuration gives, else that of this process. */
  static TraceClock of(TracingConfig config) {
    LongSupplier given = config.clock();
    return given == null ? start() : saying(given);
  }

  static TraceClock of(LongSupplier monotonic, LongSupplier wall) {
    return new TraceClock(monotonic, wall, measured(monotonic, wall, 0));
  }

  /** Returns a clock that says what it is told. */
  static TraceClock saying(LongSupplier time) {
    return new TraceClock(time, time, 0);
  }

  /**
   * Reads both clocks until it has read them almost at once. A thread that is held up between the
   * two, as in a young or busy process, would put all its times so much off those of others that
   * spans seem to end after the spans around them.
   *
   * @param atOnce nanoseconds between two readings that are few enough to read no more
   */
  private static long measured(LongSupplier monotonic, LongSupplier wall, long atOnce) {
    long anchor = 0;
    long closest = Long.MAX_VALUE;
    for (int i = 0; i < READINGS && closest > atOnce; i++) {
      long before = monotonic.getAsLong();
      long epoch = wall.getAsLong();
      long apart = monotonic.getAsLong() - before;
      if (apart < closest) {
        closest = apart;
        anchor = epoch - (before + apart / 2);
      }
    }
    return anchor;
  }

  private static long epoch(Instant wall) {
    return TimeUnit.SECONDS.toNanos(wall.getEpochSecond()) + wall.getNano();
  }

  static boolean plausible(long ts) {
    return ts >= EARLIEST && ts < LATEST;
  }

  /** Returns the anchor for what begins now. */
  long anchor() {
    return anchor;
  }

  /** Follows the host's clock if that was stepped. */
  void follow() {
    if (Math.abs(wall.getAsLong() - now()) > STEP) {
      long stepped = measured(monotonic, wall, 0);
      if (Math.abs(stepped - anchor) > STEP) {
        anchor = stepped;
      }
    }
  }

  long now() {
    return now(anchor);
  }

  /** Returns what a time of {@link System#nanoTime} is on this clock. */
  long at(long nanoTime) {
    return at(nanoTime, System::nanoTime);
  }

  long at(long time, LongSupplier otherClock) {
    return time + measured(otherClock, this::now, AT_ONCE);
  }

  /** Returns the time from the given anchor on. */
  long now(long from) {
    return from + monotonic.getAsLong();
  }
}
