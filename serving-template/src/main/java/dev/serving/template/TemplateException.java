package dev.serving.template;

/**
 * A template that cannot be compiled, or a rendering that failed.
 *
 * <p>{@link #kind} says who is at fault: {@link Kind#SYNTAX} and {@link Kind#LIMIT} the template,
 * the others most often the variables that it was given.
 */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, by the error that {@code transformers} raises for it. */
  public enum Kind {
    /** The template is not understood; found when it is compiled. */
    SYNTAX,
    /** Something undefined was used. */
    UNDEFINED,
    /** A value has the wrong type. */
    TYPE,
    /** A value has the right type and cannot be used, such as a divisor of zero. */
    VALUE,
    /** The template called {@code raise_exception}: it refuses the conversation. */
    RAISED,
    /** The template reached for what the sandbox forbids. */
    SECURITY,
    /** A bound on steps, depth, size or time was exceeded. */
    LIMIT
  }

  private final Kind kind;
  private final String reason;
  private final int line;
  private final int column;

  TemplateException(Kind kind, String reason) {
    this(kind, reason, 0, 0, null);
  }

  private TemplateException(Kind kind, String reason, int line, int column, Throwable cause) {
    super(line == 0 ? reason : reason + " (line " + line + ", column " + column + ")", cause);
    this.kind = kind;
    this.reason = reason;
    this.line = line;
    this.column = column;
  }

  /** Returns this failure with its place in the source, unless a closer place is known already. */
  TemplateException at(Source source, int offset) {
    return line > 0
        ? this
        : new TemplateException(kind, reason, source.lineOf(offset), source.columnOf(offset), this);
  }

  static TemplateException type(String reason) {
    return new TemplateException(Kind.TYPE, reason);
  }

  static TemplateException value(String reason) {
    return new TemplateException(Kind.VALUE, reason);
  }

  static TemplateException limit(String reason) {
    return new TemplateException(Kind.LIMIT, reason);
  }

  /** Returns what went wrong. */
  public Kind kind() {
    return kind;
  }

  /** Returns the message without the place: for {@link Kind#RAISED}, the template's own words. */
  public String reason() {
    return reason;
  }

  /** Returns the line in the template, from 1; 0 if unknown. */
  public int line() {
    return line;
  }

  /** Returns the column in the template, from 1; 0 if unknown. */
  public int column() {
    return column;
  }
}
