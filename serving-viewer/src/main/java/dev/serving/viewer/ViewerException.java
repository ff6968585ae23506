package dev.serving.viewer;

/** The viewer could not start; the message is one line that says what to change. */
public final class ViewerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ViewerException(String message, Throwable cause) {
    super(message, cause);
  }
}
