package dev.serving.trace.export;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between attempts: doubled each time up to a largest mean, and spread from half to one and
 * a half of it, so that many processes that lost one receiver do not come back in step.
 */
record Backoff(Duration first, Duration largest) {

  /** The pause after so many failed attempts. */
  Duration pause(int failures) {
    long mean = first.toNanos();
    for (int i = 1; i < failures && mean < largest.toNanos(); i++) {
      mean = Math.min(2 * mean, largest.toNanos());
    }
    double nanos = (double) mean * ThreadLocalRandom.current().nextDouble(0.5, 1.5);
    return Duration.ofNanos((long) nanos);
  }
}
