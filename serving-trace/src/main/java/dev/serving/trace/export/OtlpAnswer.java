package dev.serving.trace.export;

import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.OtlpProtocol;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the answers of receivers mean. They are a stranger's bytes and may be anything. */
final class OtlpAnswer {
  private static final int MAX_TEXT = 300;

  /** Some receivers answer in JSON, whatever they were sent. */
  private static final Pattern REJECTED =
      Pattern.compile("\"rejected_?[sS]pans\"\\s{0,9}:\\s{0,9}\"?(\\d{1,9})");

  /** Senders show the reason of HTTP where an answer has no code of gRPC. */
  private static final Set<String> HTTP_REASONS =
      Set.of("Not Found", "Bad Request", "Method Not Allowed", "Unsupported Media Type");

  private static final String NO_GRPC =
      "the peer speaks no gRPC: " + TlsFault.otherPort(OtlpProtocol.GRPC);
  private static final String NO_HTTP =
      "the peer speaks no HTTP/1.1: " + TlsFault.otherPort(OtlpProtocol.HTTP_PROTOBUF);

  private OtlpAnswer() {}

  /** What an answer over HTTP says about a message of {@code sent} bytes. */
  static SpanReceipt read(HttpResponse answer, long sent) {
    int status = answer.getStatusCode();
    byte[] body = answer.getResponseBody();
    if (status >= 200 && status < 300) {
      return delivered(body == null ? new byte[0] : body, sent, "HTTP status " + status);
    }
    String why = "HTTP status " + status + " " + said(body);
    return switch (status) {
      // As OTLP's specification lists them.
      case 429, 502, 503, 504 -> new SpanReceipt.Later(ExportFault.BUSY, why.strip());
      default -> new SpanReceipt.Refused(why.strip());
    };
  }

  /** What an answer over gRPC says about a message of {@code sent} bytes. */
  static SpanReceipt read(GrpcResponse answer, long sent) {
    GrpcStatusCode code = answer.getStatusCode();
    String said = printable(String.valueOf(answer.getStatusDescription()));
    if (code == GrpcStatusCode.OK) {
      byte[] body = answer.getResponseMessage();
      return delivered(body == null ? new byte[0] : body, sent, "gRPC status 0");
    }
    String why = "gRPC status " + code.getValue() + " " + code + " " + said;
    if (code == GrpcStatusCode.UNKNOWN && HTTP_REASONS.contains(said)) {
      why = NO_GRPC + why;
    }
    return retryable(code, said)
        ? new SpanReceipt.Later(ExportFault.BUSY, why.strip())
        : new SpanReceipt.Refused(why.strip());
  }

  /** What it means that there was no answer. */
  static SpanReceipt broken(Throwable error, OtlpConfig config) {
    Throwable cause = error;
    while ((cause instanceof CompletionException || cause instanceof UncheckedIOException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    boolean late = cause instanceof InterruptedIOException || cause instanceof HttpTimeoutException;
    ExportFault fault = late ? ExportFault.TIMEOUT : ExportFault.UNREACHABLE;
    String why = late ? "no answer in time" : hint(cause, config) + printable(cause.toString());
    return new SpanReceipt.Later(fault, config.uri().getAuthority() + ", " + why);
  }

  /** Text of a stranger, short and on one line. */
  static String printable(String text) {
    String start = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
    return start.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  private static SpanReceipt delivered(byte[] response, long sent, String status) {
    try {
      return partly(new ProtoReader(response), sent);
    } catch (IllegalArgumentException e) {
      String text = new String(response, StandardCharsets.UTF_8).strip();
      if (text.startsWith("{")) {
        Matcher rejected = REJECTED.matcher(text);
        boolean some = rejected.find();
        return new SpanReceipt.Delivered(
            some ? Long.parseLong(rejected.group(1)) : 0, some ? printable(text) : "", sent);
      }
      return new SpanReceipt.Refused(
          status + ", but the answer is none of OTLP: " + printable(text));
    }
  }

  /** Reads an {@code ExportTraceServiceResponse}. */
  private static SpanReceipt partly(ProtoReader response, long sent) {
    long rejected = 0;
    String why = "";
    while (response.next()) {
      ProtoReader partial = response.message();
      while (response.field() == 1 && partial.next()) {
        switch (partial.field()) {
          case 1 -> rejected = partial.number();
          case 2 -> why = printable(partial.text());
          default -> {}
        }
      }
    }
    return new SpanReceipt.Delivered(rejected, why, sent);
  }

  /** The message of a {@code google.rpc.Status}, else the body as it is. */
  private static String said(byte @Nullable [] body) {
    if (body == null) {
      return "";
    }
    try {
      String message = "";
      ProtoReader status = new ProtoReader(body);
      while (status.next()) {
        message = status.field() == 2 ? status.text() : message;
      }
      return printable(message);
    } catch (IllegalArgumentException e) {
      return printable(new String(body, StandardCharsets.UTF_8));
    }
  }

  // As OTLP's specification lists them. An exhausted receiver says when to come again in a trailer
  // that senders do not show; what is too long for it stays so. A proxy that has no gRPC answers
  // without a code, which is unknown, and over HTTP/2 without a text.
  private static boolean retryable(GrpcStatusCode code, String said) {
    return switch (code) {
      case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS -> true;
      case RESOURCE_EXHAUSTED -> !said.contains("larger than") && !said.contains("exceed");
      case UNKNOWN -> said.isEmpty();
      default -> false;
    };
  }

  private static String hint(Throwable cause, OtlpConfig config) {
    boolean secured = "https".equals(config.uri().getScheme());
    String port = hint(cause, config.effectiveProtocol(), secured);
    if (port.isEmpty()) {
      return TlsFault.hint(cause, config);
    }
    return secured ? port : port + TlsFault.MAYBE_SECURE;
  }

  // What OkHttp says of frames that are none, and of lines that are frames.
  private static String hint(Throwable cause, OtlpProtocol protocol, boolean secured) {
    String said = cause + " " + cause.getCause();
    boolean alien =
        cause instanceof ProtocolException
            || (said.contains("FRAME_SIZE_ERROR") && !said.contains(TlsFault.ALERT_AS_FRAME))
            || said.contains("SETTINGS preface")
            || (said.contains("ConnectionShutdownException") && !secured)
            || said.contains("content=00");
    return !alien ? "" : protocol == OtlpProtocol.GRPC ? NO_GRPC : NO_HTTP;
  }
}
