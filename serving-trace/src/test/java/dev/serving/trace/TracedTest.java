package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** What the tests of spans share: tracing under a clock that they move, and the spans it made. */
class TracedTest {
  /** A plausible time to begin at. */
  static final long T = 1_700_000_000_000_000_000L;

  final AtomicLong clock = new AtomicLong(T);
  private InMemorySpanExporter exporter = InMemorySpanExporter.create();
  RealTracing tracing = start(config -> config);

  RealTracing start(UnaryOperator<TracingConfig.Builder> change) {
    if (tracing != null) {
      tracing.close();
    }
    exporter = InMemorySpanExporter.create();
    TracingConfig.Builder builder =
        TracingConfig.builder()
            .enabled(true)
            .level(3)
            .batch(b -> b.withDelay(Duration.ofMillis(1)));
    TracingConfig config = change.apply(builder).build();
    tracing = RealTracing.start(config, exporter, clock::get);
    return tracing;
  }

  @AfterEach
  void stop() {
    tracing.close();
  }

  List<SpanData> spans() {
    assertThat(tracing.flush(Duration.ofSeconds(10))).isTrue();
    return exporter.getFinishedSpanItems();
  }

  SpanData span(String name) {
    List<SpanData> named = spans().stream().filter(s -> s.getName().equals(name)).toList();
    assertThat(named).as("spans named %s of %s", name, spans()).hasSize(1);
    return named.get(0);
  }

  long faults(TraceFault fault) {
    return tracing.metrics().faults(fault);
  }
}
