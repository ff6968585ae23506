package dev.serving.viewer;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** The bodies with which an export is answered. */
final class OtlpAnswers {
  private OtlpAnswers() {}

  static ExportTraceServiceResponse exportResponse(long rejected, String reason) {
    if (rejected == 0) {
      return ExportTraceServiceResponse.getDefaultInstance();
    }
    return ExportTraceServiceResponse.newBuilder()
        .setPartialSuccess(
            ExportTracePartialSuccess.newBuilder()
                .setRejectedSpans(rejected)
                .setErrorMessage(reason))
        .build();
  }

  static ByteString exportResponseJson(long rejected, String reason) {
    // 64-bit numbers are strings in OTLP's JSON.
    return Json.bytes(
        rejected == 0
            ? Map.of()
            : Map.of(
                "partialSuccess",
                Map.of("rejectedSpans", Long.toString(rejected), "errorMessage", reason)));
  }

  static ByteString statusJson(int code, String message) {
    return Json.bytes(Map.of("code", code, "message", message));
  }

  /** {@code google.rpc.Status} by hand: its generated class lives in a jar of 2,000 others. */
  static ByteString statusBytes(int code, String message) {
    ByteString.Output bytes = ByteString.newOutput();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeInt32(1, code);
      out.writeString(2, message);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteString();
  }
}
