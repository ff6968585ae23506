package dev.serving.core.frontend.api;

/** A request that is answered with an {@link ApiError}. Has no stack trace: it is an answer. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  /** Wraps what the client is told. */
  public ApiException(ApiError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  /** Returns what the client is told. */
  public ApiError error() {
    return error;
  }
}
