package dev.serving.trace;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;

/** OpenTelemetry's own exporters, as the configuration asks for them. */
final class StockExporters {
  private StockExporters() {}

  static SpanExporter of(TracingConfig config) {
    OtlpEndpoint to = OtlpEndpoint.parse(config.otlp().endpoint(), config.otlp().protocol());
    String uri = to.uri().toString();
    return to.protocol() == OtlpProtocol.GRPC
        ? OtlpGrpcSpanExporter.builder().setEndpoint(uri).build()
        : OtlpHttpSpanExporter.builder().setEndpoint(uri).build();
  }
}
