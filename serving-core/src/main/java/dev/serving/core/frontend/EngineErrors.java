package dev.serving.core.frontend;

import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.message.FrontendMessage.Output;

/** What a client is told when an engine gave its request up. */
final class EngineErrors {
  private EngineErrors() {}

  static ApiError of(Output output) {
    return switch (output.finish()) {
      case REFUSED -> ApiError.invalid(null, output.error());
      case BUSY -> ApiError.unavailable("overloaded", output.error());
      case ERROR -> new ApiError(500, "server_error", null, "engine_failed", output.error(), 1);
      default -> ApiError.unavailable("aborted", "The server ended the request.");
    };
  }
}
