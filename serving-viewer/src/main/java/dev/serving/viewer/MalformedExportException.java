package dev.serving.viewer;

/** An export request that cannot be read; the message is for its sender. */
final class MalformedExportException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedExportException(String message) {
    super(message);
  }

  MalformedExportException(String message, Throwable cause) {
    super(message, cause);
  }
}
