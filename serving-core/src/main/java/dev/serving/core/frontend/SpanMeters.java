package dev.serving.core.frontend;

import dev.serving.core.message.SpanCounts;
import dev.serving.trace.DropReason;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Meters of the span accounting, of each process by its name in the logs. */
final class SpanMeters {
  private final MeterRegistry registry;

  SpanMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Binds one process; its counts begin anew when it does. */
  void process(String name, Supplier<SpanCounts> counts) {
    Tags tags = Tags.of("process", name);
    count("serving.spans.made", tags, counts, SpanCounts::made);
    count("serving.spans.delivered", tags, counts, SpanCounts::delivered);
    count("serving.spans.export.requests", tags, counts, SpanCounts::requests);
    count("serving.spans.export.retries", tags, counts, SpanCounts::retries);
    count("serving.spans.export.bytes", tags, counts, SpanCounts::bytesSent);
    for (DropReason reason : DropReason.values()) {
      Tags why = tags.and("reason", reason.label());
      count("serving.spans.dropped", why, counts, c -> c.dropped(reason));
    }
    gauge("serving.spans.in_flight", tags, counts, SpanCounts::inFlight);
    gauge("serving.spans.queued_bytes", tags, counts, SpanCounts::queuedBytes);
  }

  private void count(
      String name, Tags tags, Supplier<SpanCounts> counts, ToDoubleFunction<SpanCounts> value) {
    FunctionCounters.register(registry, name, tags, () -> value.applyAsDouble(counts.get()));
  }

  private void gauge(
      String name, Tags tags, Supplier<SpanCounts> counts, ToDoubleFunction<SpanCounts> value) {
    Gauge.builder(name, () -> value.applyAsDouble(counts.get())).tags(tags).register(registry);
  }
}
