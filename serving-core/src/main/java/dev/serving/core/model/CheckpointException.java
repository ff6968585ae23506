package dev.serving.core.model;

/** A checkpoint cannot be served; the message is one line that says what is wrong and where. */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message of one line that names the file. */
  public CheckpointException(String message) {
    super(message);
  }

  /** With a message of one line that names the file, and the cause. */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
