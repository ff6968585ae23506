package dev.serving.trace.export;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between attempts: doubled each time up to a largest mean, and spread from half to one and
 * a half of it, so that many processes that lost one receiver do not come back in step.
 */
record Backoff(Duration first, Duration largest) {

  /** The pause after so many failed attempts, at least as long as the receiver asked for. */
  Duration pause(int failures, Duration asked) {
    long mean = first.toNanos();
    for (int i = 1; i < failures && mean < largest.toNanos(); i++) {
      mean = Math.min(2 * mean, largest.toNanos());
    }
    long nanos = (long) ((double) mean * ThreadLocalRandom.current().nextDouble(0.5, 1.5));
    return asked.toNanos() > nanos ? asked : Duration.ofNanos(nanos);
  }
}
