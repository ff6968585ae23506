package dev.serving.trace;

import java.util.Optional;

/** The ways on which a test's spans can come back to it. */
enum Transport {
  MEMORY,
  HTTP,
  GRPC;

  Optional<OtlpProtocol> protocol() {
    return switch (this) {
      case MEMORY -> Optional.empty();
      case HTTP -> Optional.of(OtlpProtocol.HTTP_PROTOBUF);
      case GRPC -> Optional.of(OtlpProtocol.GRPC);
    };
  }
}
