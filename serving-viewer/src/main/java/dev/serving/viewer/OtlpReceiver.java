package dev.serving.viewer;

import com.google.protobuf.ByteString;
import dev.serving.viewer.store.TraceStore;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Locale;
import java.util.Optional;

/**
 * OTLP over HTTP: {@code POST /v1/traces} with protobuf or JSON, plain or gzip. Answers in the
 * format of the request, errors as {@code google.rpc.Status}.
 */
final class OtlpReceiver implements Endpoint, Refusal {
  static final String PATH = "/v1/traces";

  // Numbers of google.rpc.Code.
  private static final int INVALID_ARGUMENT = 3;
  private static final int RESOURCE_EXHAUSTED = 8;

  private final Intake intake;
  private final int maxBody;

  OtlpReceiver(Intake intake, int maxBody) {
    this.intake = intake;
    this.maxBody = maxBody;
  }

  @Override
  public Answer answer(HttpCall call) {
    OtlpFormat format = OtlpFormat.of(call.header("content-type")).orElseThrow();
    try {
      ByteString body = isGzip(call.header("content-encoding")) ? unpack(call) : call.body();
      TraceStore.Taken outcome = intake.accept(format.toProtobuf(body, maxBody));
      ByteString response = format.response(outcome.rejected(), outcome.reason());
      return Answer.of(200, format.contentType(), response);
    } catch (MalformedExportException e) {
      return refuse(format, 400, INVALID_ARGUMENT, e.getMessage());
    } catch (GzipBody.TooLargeException e) {
      return tooLarge(format);
    }
  }

  @Override
  public Optional<Answer> ofHead(HttpRequest head) {
    if (!wantsBody(head)) {
      return Optional.empty();
    }
    Optional<OtlpFormat> format = OtlpFormat.of(head.headers().get(HttpHeaderNames.CONTENT_TYPE));
    if (format.isEmpty()) {
      return Optional.of(
          refuse(
              OtlpFormat.JSON,
              415,
              INVALID_ARGUMENT,
              "Content-Type must be application/x-protobuf or application/json"));
    }
    String encoding = head.headers().get(HttpHeaderNames.CONTENT_ENCODING, "");
    if (!isGzip(encoding) && !isPlain(encoding)) {
      return Optional.of(
          refuse(format.get(), 415, INVALID_ARGUMENT, "Content-Encoding must be gzip or identity"));
    }
    return Optional.empty();
  }

  @Override
  public boolean wantsBody(HttpRequest head) {
    return head.method().equals(HttpMethod.POST)
        && new QueryStringDecoder(head.uri()).rawPath().equals(PATH);
  }

  @Override
  public Answer tooLarge(HttpRequest head) {
    return tooLarge(formatOf(head));
  }

  @Override
  public Answer busy(HttpRequest head) {
    return refuse(
            formatOf(head),
            429,
            RESOURCE_EXHAUSTED,
            "too many requests are being read at once; try again")
        .with("Retry-After", "1");
  }

  /** The answer to a sender who may not come in. */
  Answer refused(HttpRequest head, Door.No no) {
    return refuse(formatOf(head), no.httpStatus(), no.grpcStatus(), no.reason());
  }

  private ByteString unpack(HttpCall call)
      throws MalformedExportException, GzipBody.TooLargeException {
    return GzipBody.unpack(call.body(), maxBody);
  }

  private Answer tooLarge(OtlpFormat format) {
    return refuse(
        format,
        413,
        INVALID_ARGUMENT,
        "the body is larger than " + maxBody + " bytes; export smaller batches");
  }

  private Answer refuse(OtlpFormat format, int status, int code, String message) {
    intake.refused();
    return Answer.of(status, format.contentType(), format.status(code, message));
  }

  private static OtlpFormat formatOf(HttpRequest head) {
    return OtlpFormat.of(head.headers().get(HttpHeaderNames.CONTENT_TYPE)).orElse(OtlpFormat.JSON);
  }

  private static boolean isGzip(String encoding) {
    return encoding.strip().toLowerCase(Locale.ROOT).equals("gzip");
  }

  private static boolean isPlain(String encoding) {
    return encoding.isBlank() || encoding.strip().toLowerCase(Locale.ROOT).equals("identity");
  }
}
