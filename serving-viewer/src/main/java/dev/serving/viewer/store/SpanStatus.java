package dev.serving.viewer.store;

import java.util.Objects;

/**
 * How a span ended.
 *
 * @param code unset, ok or error
 * @param message the reason of an error, may be empty
 */
public record SpanStatus(Code code, String message) {
  /** The three answers; numbered as in OTLP. */
  public enum Code {
    /** Nobody said. */
    UNSET(0),
    /** Said to be right. */
    OK(1),
    /** Failed. */
    ERROR(2);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }
  }

  public static final SpanStatus NONE = new SpanStatus(Code.UNSET, "");

  /** Checks that nothing is null. */
  public SpanStatus {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
  }

  public static SpanStatus of(int number, String message) {
    Code code = number == 1 ? Code.OK : number == 2 ? Code.ERROR : Code.UNSET;
    return code == Code.UNSET && message.isEmpty() ? NONE : new SpanStatus(code, message);
  }
}
