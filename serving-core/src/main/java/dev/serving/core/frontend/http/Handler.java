package dev.serving.core.frontend.http;

import dev.serving.core.frontend.api.ApiError;

/** Answers the requests of one route. Called by an event loop, which it must not block. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers now or later. An {@link dev.serving.core.frontend.api.ApiException} becomes the answer.
   */
  void handle(Exchange exchange);

  /** Answers a request that was refused before it got here: its key, its size, its shape. */
  default void refuse(Exchange exchange, ApiError error) {
    exchange.answer(error);
  }
}
