package dev.serving.viewer;

/**
 * A question that cannot be answered: a parameter that cannot be used, which the message names, or
 * a trace that is not here.
 */
final class BadQueryException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  private final int status;

  BadQueryException(String message) {
    this(BAD_REQUEST, message);
  }

  private BadQueryException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The trace of this id is not held. */
  static BadQueryException missing(String traceId) {
    return new BadQueryException(
        NOT_FOUND, "trace " + traceId + " is not here: never received, or evicted");
  }

  /** As HTTP says it. */
  int status() {
    return status;
  }
}
