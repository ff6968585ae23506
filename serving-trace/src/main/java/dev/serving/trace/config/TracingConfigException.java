package dev.serving.trace.config;

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

  /**
   * Makes one that another exception is the reason of.
   *
   * @param message one line that names the setting and says what to write instead
   * @param cause what was thrown where the setting was read
   */
  public TracingConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
