package dev.serving.core.frontend.http;

import dev.serving.core.frontend.api.ApiError;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** What to tell a client whose bytes are no HTTP request. */
final class Malformed {
  private Malformed() {}

  static ApiError error(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return ApiError.lineTooLong();
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return ApiError.headersTooLarge();
    }
    return ApiError.badRequest("This is not a valid HTTP/1.1 request.");
  }
}
