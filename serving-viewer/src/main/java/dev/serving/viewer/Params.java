package dev.serving.viewer;

import dev.serving.viewer.store.AttributeFilter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads query parameters. */
final class Params {
  private static final Pattern DURATION =
      Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h)");
  private static final Pattern CONDITION =
      Pattern.compile("\\s*([^=~<>\\s]+)\\s*([=~<>])(.*)", Pattern.DOTALL);
  private static final Map<String, AttributeFilter.Operator> OPERATORS =
      Map.of(
          "=", AttributeFilter.Operator.EQUALS,
          "~", AttributeFilter.Operator.CONTAINS,
          ">", AttributeFilter.Operator.GREATER,
          "<", AttributeFilter.Operator.LESS);
  private static final int MAX_LIMIT = 10_000;

  private Params() {}

  static int limit(HttpCall call, String name, int otherwise) throws BadQueryException {
    long limit = whole(call.param(name), name, otherwise);
    if (limit < 1) {
      throw new BadQueryException("parameter '" + name + "' must be positive, was " + limit);
    }
    return (int) Math.min(limit, MAX_LIMIT);
  }

  /** Microseconds since the epoch, as nanoseconds. */
  static long microTime(HttpCall call, String name, long otherwise) throws BadQueryException {
    String value = call.param(name);
    // Saturates where nanoseconds would not fit.
    return value.isEmpty() ? otherwise : TimeUnit.MICROSECONDS.toNanos(whole(value, name, 0));
  }

  /** Milliseconds since the epoch, as nanoseconds. */
  static long milliTime(HttpCall call, String name, long otherwise) throws BadQueryException {
    String value = call.param(name);
    return value.isEmpty() ? otherwise : TimeUnit.MILLISECONDS.toNanos(whole(value, name, 0));
  }

  /** An RFC 3339 time, as nanoseconds since the epoch. */
  static long instant(String value, String name) throws BadQueryException {
    try {
      Instant instant = Instant.parse(value.toUpperCase(Locale.ROOT));
      return Math.addExact(TimeUnit.SECONDS.toNanos(instant.getEpochSecond()), instant.getNano());
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new BadQueryException(
          "malformed parameter " + name + ": must be a time such as 2026-01-31T12:00:00Z");
    }
  }

  /** A duration such as {@code 1.5s}, {@code 100ms} or {@code 1m30s}, in nanoseconds. */
  static long duration(String value, String name, long otherwise) throws BadQueryException {
    if (value.isEmpty()) {
      return otherwise;
    }
    double nanos = 0;
    int at = 0;
    Matcher part = DURATION.matcher(value);
    while (part.find() && part.start() == at) {
      nanos += Double.parseDouble(part.group(1)) * nanosOf(part.group(2));
      at = part.end();
    }
    if (at != value.length()) {
      throw new BadQueryException(
          "parameter '" + name + "' must be a duration such as 1.5s or 100ms, was " + value);
    }
    return (long) nanos;
  }

  /** Attributes as the members of a JSON object; none if the text is empty. */
  static List<AttributeFilter> attributes(String json, String name) throws BadQueryException {
    try {
      JsonNode object = Json.tree(json.isEmpty() ? "{}" : json);
      if (!object.isObject()) {
        throw new BadQueryException("malformed " + name + " parameter, it must be a JSON object");
      }
      return object.properties().stream()
          .map(entry -> AttributeFilter.equal(entry.getKey(), text(entry.getValue())))
          .toList();
    } catch (JacksonException e) {
      throw new BadQueryException("malformed " + name + " parameter: " + e.getOriginalMessage());
    }
  }

  /**
   * Conditions such as {@code tier=gold and tokens>100}: {@code =} the value, {@code ~} a part of
   * it, {@code >} and {@code <} numbers; none if the text is empty.
   */
  static List<AttributeFilter> conditions(String text, String name) throws BadQueryException {
    List<AttributeFilter> conditions = new ArrayList<>();
    for (String condition : text.isBlank() ? new String[0] : text.strip().split("\\s+and\\s+")) {
      Matcher parts = CONDITION.matcher(condition);
      if (!parts.matches()) {
        throw new BadQueryException(
            "parameter '%s' must be conditions such as tier=gold and tokens>100, was %s"
                .formatted(name, condition));
      }
      conditions.add(condition(parts, name));
    }
    return conditions;
  }

  private static AttributeFilter condition(Matcher parts, String name) throws BadQueryException {
    try {
      return new AttributeFilter(
          parts.group(1), OPERATORS.get(parts.group(2)), parts.group(3).strip());
    } catch (IllegalArgumentException e) {
      throw new BadQueryException("parameter '" + name + "': " + e.getMessage());
    }
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asString() : value.toString();
  }

  private static long whole(String value, String name, long otherwise) throws BadQueryException {
    try {
      return value.isEmpty() ? otherwise : Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new BadQueryException(
          "unable to parse param '" + name + "': must be a whole number, was " + value);
    }
  }

  private static long nanosOf(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs" -> 1_000;
      case "ms" -> 1_000_000;
      case "s" -> 1_000_000_000;
      case "m" -> 60_000_000_000L;
      default -> 3_600_000_000_000L;
    };
  }
}
