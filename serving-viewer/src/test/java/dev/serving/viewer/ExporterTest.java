package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.viewer.store.SpanScope;
import dev.serving.viewer.store.SpanStatus;
import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import dev.serving.viewer.store.TraceQuery;
import dev.serving.viewer.store.TraceSummary;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenTelemetry's own exporters send to the viewer, over HTTP and gRPC, on one port. */
class ExporterTest {
  private final Viewer viewer =
      Viewer.start(ViewerConfig.defaults().withPort(0).withBodies(1_000_000, 3_000_000));

  @AfterEach
  void close() {
    viewer.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void overHttp(String compression) {
    assertArrives(
        OtlpHttpSpanExporter.builder()
            .setEndpoint(viewer.uri() + "v1/traces")
            .setCompression(compression)
            .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void overGrpc(String compression) {
    assertArrives(
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(viewer.uri().toString())
            .setCompression(compression)
            .build());
  }

  @Test
  void anExportOverGrpcThatIsTooLargeFailsAndTheNextSucceeds() {
    OtlpGrpcSpanExporter exporter =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(viewer.uri().toString())
            .setTimeout(5, TimeUnit.SECONDS)
            .build();
    // One export for each span; the batch processor's flush may return before it has begun one.
    SdkTracerProvider provider =
        SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
    Tracer tracer = provider.get("test");

    tracer.spanBuilder("large").setAttribute("text", "x".repeat(1_200_000)).startSpan().end();
    tracer.spanBuilder("small").startSpan().end();
    provider.close();

    assertThat(viewer.store().search(TraceQuery.latest(10)))
        .extracting(TraceSummary::rootName)
        .containsExactly("small");
    assertThat(new Client(viewer).json("api/status").path("refusedRequests").asInt()).isEqualTo(1);
  }

  private void assertArrives(SpanExporter exporter) {
    SdkTracerProvider provider = provider(exporter);
    Tracer tracer = provider.get("test.scope", "1.2");
    Span root =
        tracer
            .spanBuilder("POST /v1/completions")
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(AttributeKey.stringArrayKey("list"), List.of("a", "b"))
            .startSpan();
    for (int i = 0; i < 3_000; i++) {
      Span child =
          tracer
              .spanBuilder("step")
              .setParent(Context.root().with(root))
              .addLink(root.getSpanContext())
              .setAttribute("index", i)
              .startSpan();
      child.addEvent("half way");
      child.setStatus(StatusCode.ERROR, "too slow");
      child.end();
    }
    root.end();
    provider.close();

    StoredTrace trace = viewer.store().trace(root.getSpanContext().getTraceId()).orElseThrow();
    assertThat(trace.spans()).hasSize(3_001);
    assertThat(trace.root().kind()).isEqualTo(dev.serving.viewer.store.SpanKind.SERVER);
    assertThat(trace.root().attributes()).containsEntry("list", List.of("a", "b"));
    assertThat(trace.root().scope()).isEqualTo(new SpanScope("test.scope", "1.2"));
    StoredSpan child = trace.spans().get(3_000);
    assertThat(child.links().get(0).spanId()).isEqualTo(trace.root().spanId());
    assertThat(child.events().get(0).name()).isEqualTo("half way");
    assertThat(child.status()).isEqualTo(new SpanStatus(SpanStatus.Code.ERROR, "too slow"));
  }

  private static SdkTracerProvider provider(SpanExporter exporter) {
    return SdkTracerProvider.builder()
        .addSpanProcessor(
            BatchSpanProcessor.builder(exporter)
                .setMaxQueueSize(10_000)
                .setMaxExportBatchSize(4_000)
                .build())
        .build();
  }
}
