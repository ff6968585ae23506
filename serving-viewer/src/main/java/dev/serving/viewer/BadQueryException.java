package dev.serving.viewer;

/** A query parameter that cannot be used; the message names it and says what it must be. */
final class BadQueryException extends Exception {
  private static final long serialVersionUID = 1L;

  BadQueryException(String message) {
    super(message);
  }
}
