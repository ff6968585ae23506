package dev.serving.trace.testing;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.time.Duration;
import java.util.Map;

/** How a test receiver answers one request. */
public sealed interface OtlpReply {
  /** With this answer of OTLP. */
  record Taken(ExportTraceServiceResponse response) implements OtlpReply {}

  /** With a status of HTTP. */
  record Http(int status, Map<String, String> headers, Status body) implements OtlpReply {}

  /** Over HTTP, with a text that is no answer of OTLP, as a proxy's page is none. */
  record Page(int status, String body) implements OtlpReply {}

  /** With a status of gRPC. */
  record Grpc(Status status) implements OtlpReply {}

  /** The request is read and nothing is ever said. */
  record Silence() implements OtlpReply {}

  static OtlpReply accepted() {
    return new Taken(ExportTraceServiceResponse.getDefaultInstance());
  }

  static OtlpReply partly(long rejected, String why) {
    ExportTracePartialSuccess partial =
        ExportTracePartialSuccess.newBuilder()
            .setRejectedSpans(rejected)
            .setErrorMessage(why)
            .build();
    return new Taken(ExportTraceServiceResponse.newBuilder().setPartialSuccess(partial).build());
  }

  static OtlpReply http(int status, Map<String, String> headers, String message) {
    return new Http(status, headers, Status.newBuilder().setMessage(message).build());
  }

  static OtlpReply page(int status, String body) {
    return new Page(status, body);
  }

  static OtlpReply grpc(int code, String message) {
    return new Grpc(Status.newBuilder().setCode(code).setMessage(message).build());
  }

  static OtlpReply grpc(int code, String message, Duration retryAfter) {
    com.google.protobuf.Duration delay =
        com.google.protobuf.Duration.newBuilder()
            .setSeconds(retryAfter.getSeconds())
            .setNanos(retryAfter.getNano())
            .build();
    Any info = Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build());
    return new Grpc(Status.newBuilder().setCode(code).setMessage(message).addDetails(info).build());
  }
}
