package dev.serving.trace.export;

import dev.serving.trace.config.OtlpConfig;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.time.Instant;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.Response;

/** OTLP in the body of a POST. */
final class HttpCall implements OtlpCall {
  private static final MediaType TYPE = MediaType.get("application/x-protobuf");
  private static final byte[] NO_PREFIX = {};

  private final Request blank;

  HttpCall(OtlpConfig config) {
    Request plain = OtlpCall.blank(config, config.uri());
    blank = config.gzip() ? plain.newBuilder().header("content-encoding", "gzip").build() : plain;
  }

  @Override
  public Request request(byte[] bytes, int from, int length) {
    return blank.newBuilder().post(new OtlpBody(TYPE, NO_PREFIX, bytes, from, length)).build();
  }

  @Override
  public SpanReceipt receipt(Response answer, long sent) throws IOException {
    byte[] body = OtlpCall.start(answer.body().source());
    return answer.isSuccessful()
        ? OtlpAnswer.delivered(body, sent)
        : refusal(answer.code(), answer.header("retry-after"), body);
  }

  // OkHttp shows what it read for a line, and frames of HTTP/2 begin with zeros.
  @Override
  public String hint(Exception reason) {
    boolean zeros = String.valueOf(reason.getCause()).contains("content=00");
    return reason instanceof ProtocolException || zeros
        ? "the peer speaks no HTTP/1.1: is this the port of gRPC? "
        : "";
  }

  // As OTLP's specification lists them.
  private static SpanReceipt refusal(int status, String retryAfter, byte[] body) {
    String why = "HTTP status " + status + " " + OtlpAnswer.message(body);
    Duration pause =
        retryAfter == null ? Duration.ZERO : Waits.retryAfter(retryAfter, Instant.now());
    return switch (status) {
      case 429, 502, 503, 504 -> new SpanReceipt.Later(ExportFault.BUSY, pause, why);
      default -> new SpanReceipt.Refused(why);
    };
  }
}
