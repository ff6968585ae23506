package dev.serving.core.frontend;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A histogram of times in seconds. A timer, because a summary rounds every value up to a whole
 * number before it looks for its bucket, so that none below 1 would ever count.
 */
record Seconds(Timer timer) {
  private static final double NANOS = 1e9;

  static Seconds of(MeterRegistry registry, String name, double[] buckets, Tags labels) {
    Duration[] bounds =
        Arrays.stream(buckets)
            .mapToObj(seconds -> Duration.ofNanos(Math.round(seconds * NANOS)))
            .toArray(Duration[]::new);
    return new Seconds(
        Timer.builder(name).serviceLevelObjectives(bounds).tags(labels).register(registry));
  }

  void record(double seconds) {
    timer.record(Math.round(seconds * NANOS), TimeUnit.NANOSECONDS);
  }
}
