package dev.serving.trace.config;

/** Where finished spans go. */
public enum TraceExporterKind {
  /** To an OpenTelemetry receiver: a Collector, Jaeger, Tempo, the viewer. */
  OTLP,
  /** To standard output, one line a span. */
  CONSOLE,
  /** Nowhere: tracing stays off. */
  NONE
}
