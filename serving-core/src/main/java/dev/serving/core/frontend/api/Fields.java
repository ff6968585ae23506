package dev.serving.core.frontend.api;

import dev.serving.core.message.SamplingRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Typed reads of a JSON object that a client sent. A field that is missing or null is absent; one
 * of the wrong type or out of range is refused by an {@link ApiException} (400) that names it.
 */
final class Fields {
  private final JsonNode object;
  private final String prefix;

  Fields(JsonNode object, String prefix) {
    this.object = object;
    this.prefix = prefix;
  }

  /** The field's full name, for errors: {@code stream_options.include_usage}. */
  String path(String name) {
    return prefix + name;
  }

  /** The field's node, or null when it is absent. */
  JsonNode node(String name) {
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? null : node;
  }

  String text(String name) {
    JsonNode node = node(name);
    check(node == null || node.isString(), name, "a string");
    return node == null ? null : node.stringValue();
  }

  String requiredText(String name) {
    String text = text(name);
    check(text != null && !text.isEmpty(), name, "a non-empty string");
    return text;
  }

  boolean flag(String name) {
    return flag(name, false);
  }

  boolean flag(String name, boolean absent) {
    JsonNode node = node(name);
    check(node == null || node.isBoolean(), name, "a boolean");
    return node == null ? absent : node.booleanValue();
  }

  /** A whole number, also where it is written as 3.0, as clients do whose numbers are all alike. */
  Long integer(String name, long min, long max) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    String range = range("an integer", min, max);
    check(node.isNumber() && isWhole(node), name, range);
    check(node.longValue() >= min && node.longValue() <= max, name, range);
    return node.longValue();
  }

  private static boolean isWhole(JsonNode node) {
    double value = node.doubleValue();
    return node.isIntegralNumber()
        ? node.canConvertToLong()
        : value == Math.rint(value) && Math.abs(value) < 1L << 53;
  }

  Integer integer(String name, int min, int max) {
    Long value = integer(name, (long) min, (long) max);
    return value == null ? null : Integer.valueOf(value.intValue());
  }

  /** A number that says how tokens are chosen. */
  Float number(SamplingRange range) {
    return number(range.parameter(), range);
  }

  /** A number that may be what {@code range} allows. */
  Float number(String name, SamplingRange range) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    check(node.isNumber() && range.holds(node.doubleValue()), name, range.words());
    return (float) node.doubleValue();
  }

  /** A number in a range that has nothing to do with sampling. */
  Double number(String name, double min, double max) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    check(value >= min && value <= max, name, "a number from %s to %s".formatted(min, max));
    return value;
  }

  /** How many fields there are. */
  int size() {
    return object.size();
  }

  /** The names of all fields. */
  Collection<String> names() {
    return object.propertyNames();
  }

  /** A nested object; its fields are empty when it is absent. */
  Fields object(String name) {
    JsonNode node = node(name);
    check(node == null || node.isObject(), name, "an object");
    return new Fields(
        node == null ? JsonNodeFactory.instance.objectNode() : node, path(name) + ".");
  }

  Map<String, Object> plainObject(String name) {
    JsonNode node = node(name);
    check(node == null || node.isObject(), name, "an object");
    return node == null ? Map.of() : Json.plain(node);
  }

  /** The elements of an array, each read by a function that gets its name and node. */
  <T> List<T> list(String name, int most, Function<Element, T> read) {
    JsonNode node = node(name);
    if (node == null) {
      return List.of();
    }
    check(node.isArray() && node.size() <= most, name, "an array of at most " + most + " elements");
    List<T> list = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      list.add(read.apply(new Element(path(name) + "[" + i + "]", node.get(i))));
    }
    return list;
  }

  /** Refuses the field unless the condition holds. */
  void check(boolean holds, String name, String wanted) {
    if (!holds) {
      throw refused(path(name), wanted, node(name));
    }
  }

  static ApiException refused(String path, String wanted, JsonNode was) {
    String found = was == null ? "it is missing" : "it is " + kind(was);
    return new ApiException(
        ApiError.invalid(path, "'" + path + "' must be " + wanted + "; " + found + "."));
  }

  private static String kind(JsonNode node) {
    if (node.isNumber() || node.isBoolean()) {
      return cut(node.toString());
    }
    return node.isNull()
        ? "null"
        : node.isString()
            ? "the string '" + cut(node.stringValue()) + "'"
            : node.isArray() ? "an array of " + node.size() : "an object";
  }

  static String cut(String text) {
    boolean within = text.length() <= 40;
    // Not within a character: half of one is no text.
    return within
        ? text
        : text.substring(0, Character.isHighSurrogate(text.charAt(39)) ? 39 : 40) + "…";
  }

  private static String range(String kind, long min, long max) {
    return min == Long.MIN_VALUE && max == Long.MAX_VALUE
        ? kind + " of 64 bits"
        : kind + " from " + min + " to " + max;
  }

  /** One element of an array. */
  record Element(String path, JsonNode node) {
    /** Refuses the element unless the condition holds. */
    void check(boolean holds, String wanted) {
      if (!holds) {
        throw refused(path, wanted, node);
      }
    }

    String text() {
      check(node.isString(), "a string");
      return node.stringValue();
    }

    int tokenId() {
      boolean fits = node.isNumber() && isWhole(node) && node.doubleValue() <= Integer.MAX_VALUE;
      check(fits && node.doubleValue() >= 0, "a token id (an integer of at least 0)");
      return node.intValue();
    }

    Fields fields() {
      check(node.isObject(), "an object");
      return new Fields(node, path + ".");
    }
  }
}
