package dev.serving.trace.config;

import java.time.Duration;

/** What a number may be; records ask in their constructors. */
final class Bounds {
  private Bounds() {}

  static void positive(String what, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new TracingConfigException(what + " must be longer than 0, not " + value);
    }
  }

  static void atLeast(String what, long least, long value) {
    if (value < least) {
      throw new TracingConfigException(what + " must be at least " + least + ", not " + value);
    }
  }
}
