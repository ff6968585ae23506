package dev.serving.viewer;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.Locale;
import java.util.Optional;

/** The two forms in which OTLP travels over HTTP. */
enum OtlpFormat {
  PROTOBUF("application/x-protobuf") {
    @Override
    ExportTraceServiceRequest read(ByteString body) throws MalformedExportException {
      try {
        return ExportTraceServiceRequest.parseFrom(body);
      } catch (InvalidProtocolBufferException e) {
        throw new MalformedExportException(
            "the body is no ExportTraceServiceRequest: " + e.getMessage(), e);
      }
    }

    @Override
    ByteString response(long rejected, String reason) {
      return OtlpAnswers.exportResponse(rejected, reason).toByteString();
    }

    @Override
    ByteString status(int code, String message) {
      return OtlpAnswers.statusBytes(code, message);
    }
  },
  JSON("application/json") {
    @Override
    ExportTraceServiceRequest read(ByteString body) throws MalformedExportException {
      return OtlpJson.read(body);
    }

    @Override
    ByteString response(long rejected, String reason) {
      return OtlpAnswers.exportResponseJson(rejected, reason);
    }

    @Override
    ByteString status(int code, String message) {
      return OtlpAnswers.statusJson(code, message);
    }
  };

  private final String contentType;

  OtlpFormat(String contentType) {
    this.contentType = contentType;
  }

  abstract ExportTraceServiceRequest read(ByteString body) throws MalformedExportException;

  /** The body of a success; says how many spans were not taken, if any. */
  abstract ByteString response(long rejected, String reason);

  /** The body of a failure: a {@code google.rpc.Status}. */
  abstract ByteString status(int code, String message);

  String contentType() {
    return contentType;
  }

  /** The format that a Content-Type header names, whatever its parameters. */
  static Optional<OtlpFormat> of(String header) {
    if (header == null) {
      return Optional.empty();
    }
    String type = header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return switch (type) {
      case "application/x-protobuf" -> Optional.of(PROTOBUF);
      case "application/json" -> Optional.of(JSON);
      default -> Optional.empty();
    };
  }
}
