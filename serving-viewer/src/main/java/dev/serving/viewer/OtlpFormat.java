package dev.serving.viewer;

import com.google.protobuf.ByteString;
import java.util.Locale;
import java.util.Optional;

/** The two forms in which OTLP travels over HTTP. */
enum OtlpFormat {
  PROTOBUF("application/x-protobuf") {
    @Override
    byte[] toProtobuf(ByteString body, int maxBytes) {
      return body.toByteArray();
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
    byte[] toProtobuf(ByteString body, int maxBytes)
        throws MalformedExportException, GzipBody.TooLargeException {
      return OtlpJson.toProtobuf(body, maxBytes);
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

  /** A request of this format in protobuf, which is how spans are kept; up to a bound. */
  abstract byte[] toProtobuf(ByteString body, int maxBytes)
      throws MalformedExportException, GzipBody.TooLargeException;

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
