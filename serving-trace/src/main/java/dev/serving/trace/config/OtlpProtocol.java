package dev.serving.trace.config;

/** How OTLP travels. */
public enum OtlpProtocol {
  /** gRPC over HTTP/2; a receiver usually listens on port 4317. */
  GRPC("grpc", 4317),
  /** Protobuf in the body of an HTTP/1.1 POST; a receiver usually listens on port 4318. */
  HTTP_PROTOBUF("http/protobuf", 4318);

  private final String text;
  private final int port;

  OtlpProtocol(String text, int port) {
    this.text = text;
    this.port = port;
  }

  /** The name that {@code OTEL_EXPORTER_OTLP_PROTOCOL} uses. */
  @Override
  public String toString() {
    return text;
  }

  int port() {
    return port;
  }
}
