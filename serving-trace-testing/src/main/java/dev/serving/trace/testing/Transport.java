package dev.serving.trace.testing;

import dev.serving.trace.config.OtlpProtocol;
import java.util.Optional;

/** The ways on which a test's spans can come back to it. */
public enum Transport {
  /** An exporter that keeps them. */
  MEMORY,
  /** A receiver of OTLP over HTTP. */
  HTTP,
  /** A receiver of OTLP over gRPC. */
  GRPC;

  Optional<OtlpProtocol> protocol() {
    return switch (this) {
      case MEMORY -> Optional.empty();
      case HTTP -> Optional.of(OtlpProtocol.HTTP_PROTOBUF);
      case GRPC -> Optional.of(OtlpProtocol.GRPC);
    };
  }
}
