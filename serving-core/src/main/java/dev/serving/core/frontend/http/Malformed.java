package dev.serving.core.frontend.http;

import dev.serving.core.frontend.api.ApiError;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Optional;

/** What to tell a client whose bytes are no HTTP request. */
final class Malformed {
  private static final String INVALID = "This is not a valid HTTP/1.1 request.";

  private Malformed() {}

  static ApiError error(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return ApiError.lineTooLong();
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return ApiError.headersTooLarge();
    }
    return ApiError.badRequest(INVALID);
  }

  /** Why what could be read is no request all the same; the codec knows neither rule. */
  static Optional<ApiError> error(HttpRequest head) {
    if (head.protocolVersion().majorVersion() != 1) {
      return Optional.of(ApiError.badRequest(INVALID));
    }
    int hosts = head.headers().getAll(HttpHeaderNames.HOST).size();
    boolean old = head.protocolVersion().minorVersion() == 0;
    return hosts == 1 || (old && hosts == 0)
        ? Optional.empty()
        : Optional.of(ApiError.badRequest("A request must have one 'Host' header."));
  }
}
