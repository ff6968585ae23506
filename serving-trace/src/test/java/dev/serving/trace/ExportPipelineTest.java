package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExportPipelineTest {
  private final TracingConfig config = TracingConfig.builder().enabled(true).build();
  private final TracingMetrics metrics = new TracingMetrics();

  @Test
  void everySpanReachesAnyExporterAndIsCounted() {
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    try (ExportPipeline pipeline = new ExportPipeline(exporter, config, metrics)) {
      for (int i = 0; i < 5_000; i++) {
        pipeline.accept(span("PREFILL"));
      }
      assertThat(pipeline.flush(Duration.ofSeconds(10))).isTrue();
      assertThat(exporter.getFinishedSpanItems()).hasSize(5_000);
    }
    assertThat(metrics.delivered()).isEqualTo(5_000);
    assertThat(metrics.balance().made()).isEqualTo(5_000);
    assertThat(metrics.inFlight()).isZero();
    assertThat(metrics.queuedBytes()).isZero();
  }

  static SpanData span(String name) {
    return TestSpanData.builder()
        .setName(name)
        .setKind(SpanKind.INTERNAL)
        .setStartEpochNanos(1)
        .setEndEpochNanos(2)
        .setHasEnded(true)
        .setStatus(StatusData.unset())
        .build();
  }
}
