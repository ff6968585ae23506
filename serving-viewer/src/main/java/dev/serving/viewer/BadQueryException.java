package dev.serving.viewer;

/**
 * A question that cannot be answered: a parameter that cannot be used, which the message names, or
 * a trace that is not here or does not say it.
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

  /** The trace of this id cannot be judged from its spans. */
  static BadQueryException untold(String traceId) {
    return new BadQueryException(
        NOT_FOUND,
        "trace " + traceId + " does not tell its hops: a server tells them from level 3 on");
  }

  /** As HTTP says it. */
  int status() {
    return status;
  }
}
