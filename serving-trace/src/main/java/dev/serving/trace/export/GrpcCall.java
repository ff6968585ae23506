package dev.serving.trace.export;

import dev.serving.trace.config.OtlpConfig;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;

/** OTLP as a unary call of gRPC: a POST over HTTP/2 whose outcome is in the answer's trailers. */
final class GrpcCall implements OtlpCall {
  private static final MediaType TYPE = MediaType.get("application/grpc");
  private static final String PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
  private static final int PREFIX = 5;

  private final Request blank;
  private final byte compressed;

  GrpcCall(OtlpConfig config) {
    Request plain =
        OtlpCall.blank(config, config.uri().resolve(PATH))
            .newBuilder()
            .header("te", "trailers")
            .build();
    blank = config.gzip() ? plain.newBuilder().header("grpc-encoding", "gzip").build() : plain;
    compressed = (byte) (config.gzip() ? 1 : 0);
  }

  @Override
  public Request request(byte[] bytes, int from, int length) {
    byte[] prefix = ByteBuffer.allocate(PREFIX).put(compressed).putInt(length).array();
    return blank.newBuilder().post(new OtlpBody(TYPE, prefix, bytes, from, length)).build();
  }

  @Override
  public SpanReceipt receipt(Response answer, long sent) throws IOException {
    BufferedSource source = answer.body().source();
    byte[] body = OtlpCall.start(source);
    if (!source.exhausted()) {
      // Trailers would come after all of it.
      throw new IOException("the answer is longer than " + OtlpAnswer.MAX_BYTES + " bytes");
    }
    boolean early = answer.header("grpc-status") != null;
    return receipt(answer.code(), early ? answer.headers() : answer.trailers(), body, sent);
  }

  // OkHttp says what it found at fault in a frame that was none.
  @Override
  public String hint(Exception reason) {
    String why = String.valueOf(reason.getMessage());
    return reason instanceof ProtocolException
            || why.startsWith("FRAME_SIZE_ERROR")
            || why.contains("SETTINGS preface")
        ? "the peer speaks no HTTP/2: is this the port of OTLP over HTTP? "
        : "";
  }

  private static SpanReceipt receipt(int status, Headers ending, byte[] body, long sent) {
    String code = ending.get("grpc-status");
    if (code == null) {
      return withoutCode(status);
    } else if (code.equals("0")) {
      return OtlpAnswer.delivered(message(body), sent);
    }
    Optional<Duration> asked =
        Optional.ofNullable(ending.get("grpc-status-details-bin")).map(OtlpAnswer::retryDelay);
    String why = "gRPC status " + OtlpAnswer.printable(code) + " " + text(ending);
    return retryable(code, asked.isPresent())
        ? new SpanReceipt.Later(ExportFault.BUSY, asked.orElse(Duration.ZERO), why)
        : new SpanReceipt.Refused(why);
  }

  // As OTLP's specification lists them; a proxy without gRPC answers in HTTP.
  private static boolean retryable(String code, boolean delayGiven) {
    return switch (code) {
      case "1", "4", "10", "11", "14", "15" -> true;
      case "8" -> delayGiven;
      default -> false;
    };
  }

  private static SpanReceipt withoutCode(int status) {
    String why = "HTTP status " + status + " without a gRPC status";
    return switch (status) {
      case 429, 502, 503, 504 -> new SpanReceipt.Later(ExportFault.BUSY, Duration.ZERO, why);
      default -> new SpanReceipt.Refused(why);
    };
  }

  private static byte[] message(byte[] body) {
    boolean plain = body.length > PREFIX && body[0] == 0;
    return plain ? Arrays.copyOfRange(body, PREFIX, body.length) : new byte[0];
  }

  private static String text(Headers ending) {
    String encoded = Optional.ofNullable(ending.get("grpc-message")).orElse("");
    try {
      return OtlpAnswer.printable(
          URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return OtlpAnswer.printable(encoded);
    }
  }
}
