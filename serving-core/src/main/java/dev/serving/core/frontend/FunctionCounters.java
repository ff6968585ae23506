package dev.serving.core.frontend;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/**
 * Counters that are read when somebody asks.
 *
 * <p>Such a counter holds the object that it asks weakly, and stands still when that is collected.
 * So the object is the registry, which lives as long as the counter, and the function knows the
 * rest.
 */
final class FunctionCounters {
  private FunctionCounters() {}

  static void register(MeterRegistry registry, String name, Tags tags, Supplier<Number> value) {
    FunctionCounter.builder(name, registry, r -> value.get().doubleValue())
        .tags(tags)
        .register(registry);
  }
}
