package dev.serving.trace.config;

import java.time.Duration;

/** What a number may be; records ask in their constructors. */
final class Bounds {
  private Bounds() {}

  /** A longer time cannot be counted in nanoseconds from now on, and is as good as this one. */
  private static final Duration FOREVER = Duration.ofDays(10_000);

  /** Returns the time; one that is as good as for ever as one that can be calculated with. */
  static Duration positive(String what, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new TracingConfigException(what + " must be longer than 0, not " + value);
    }
    return value.compareTo(FOREVER) > 0 ? FOREVER : value;
  }

  static void atMost(String what, long most, long value) {
    if (value > most) {
      throw new TracingConfigException(what + " must be at most " + most + ", not " + value);
    }
  }

  static void atLeast(String what, long least, long value) {
    if (value < least) {
      throw new TracingConfigException(what + " must be at least " + least + ", not " + value);
    }
  }
}
