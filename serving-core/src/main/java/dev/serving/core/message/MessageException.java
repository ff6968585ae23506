package dev.serving.core.message;

/** Bytes that are not a message, or a message that cannot be sent. */
public final class MessageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MessageException(String message) {
    super(message);
  }

  MessageException(String message, Throwable cause) {
    super(message, cause);
  }
}
