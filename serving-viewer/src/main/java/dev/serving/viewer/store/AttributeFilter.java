package dev.serving.viewer.store;

import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What an attribute must be: of the span, its process or one of its events, or one that Jaeger adds
 * ({@code span.kind}, {@code otel.status_code}, {@code error} and so on).
 *
 * @param key the attribute's name
 * @param operator how it is compared
 * @param value with what: the value's text; lists and maps have that of their JSON
 */
public record AttributeFilter(String key, Operator operator, String value) {
  /** How an attribute is compared; a value that is no number is neither greater nor less. */
  public enum Operator {
    /** The same text, or the same number. */
    EQUALS,
    /** The text is part of it, in any case. */
    CONTAINS,
    /** A greater number. */
    GREATER,
    /** A smaller number. */
    LESS
  }

  /** Checks that there is a key, and a number where one is compared. */
  public AttributeFilter {
    Objects.requireNonNull(operator, "operator");
    Objects.requireNonNull(value, "value");
    if (key.isEmpty()) {
      throw new IllegalArgumentException("an attribute's name is missing");
    }
    if ((operator == Operator.GREATER || operator == Operator.LESS) && number(value).isEmpty()) {
      throw new IllegalArgumentException(
          "attribute '" + key + "' can only be compared with a number, was '" + value + "'");
    }
  }

  /** The attribute has this value. */
  public static AttributeFilter equal(String key, String value) {
    return new AttributeFilter(key, Operator.EQUALS, value);
  }

  boolean matches(StoredSpan span) {
    return SpanTags.values(span, key).anyMatch(this::holds);
  }

  private boolean holds(Object value) {
    String found = SpanTags.text(value);
    return switch (operator) {
      case EQUALS -> found.equals(this.value) || (value instanceof Number && isSameNumber(found));
      case CONTAINS -> found.toLowerCase(Locale.ROOT).contains(this.value.toLowerCase(Locale.ROOT));
      case GREATER -> compare(found) > 0;
      case LESS -> compare(found) < 0;
    };
  }

  private boolean isSameNumber(String found) {
    OptionalDouble one = number(found);
    // Whole numbers have one spelling, and a double would take neighbours for the same.
    return one.isPresent() && !(isWhole(found) && isWhole(value)) && one.equals(number(value));
  }

  private int compare(String found) {
    OptionalDouble one = number(found);
    return one.isEmpty() ? 0 : Double.compare(one.getAsDouble(), number(value).getAsDouble());
  }

  private static boolean isWhole(String text) {
    return text.matches("-?\\d+");
  }

  private static OptionalDouble number(String text) {
    try {
      boolean maybe = !text.isEmpty() && "+-.0123456789NI".indexOf(text.charAt(0)) >= 0;
      return maybe ? OptionalDouble.of(Double.parseDouble(text)) : OptionalDouble.empty();
    } catch (NumberFormatException word) {
      return OptionalDouble.empty();
    }
  }
}
