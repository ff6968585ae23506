package dev.serving.cli;

/**
 * What was asked cannot be: the value of an option, or a file that it names. Found before anything
 * starts; the message says what would be right.
 */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String option;

  /**
   * A wrong use.
   *
   * @param option its name, so that whoever set it can be told
   * @param message what is wrong; need not name the option
   */
  UsageException(String option, String message) {
    this(option, message, null);
  }

  UsageException(String option, String message, Throwable cause) {
    super(message, cause);
    this.option = option;
  }

  String option() {
    return option;
  }
}
