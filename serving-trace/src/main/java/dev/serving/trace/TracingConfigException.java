package dev.serving.trace;

/**
 * A setting that tracing cannot start with. The message is one line, names the option or variable
 * and says what is expected; it never holds the value of a secret.
 */
public final class TracingConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message one line that names the setting and says what to write instead
   */
  public TracingConfigException(String message) {
    super(message);
  }

  TracingConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
