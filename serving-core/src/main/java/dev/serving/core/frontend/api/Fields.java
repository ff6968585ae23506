package dev.serving.core.frontend.api;

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

  Long integer(String name, long min, long max) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    String range = range("an integer", min, max);
    check(node.isIntegralNumber() && node.canConvertToLong(), name, range);
    check(node.longValue() >= min && node.longValue() <= max, name, range);
    return node.longValue();
  }

  Integer integer(String name, int min, int max) {
    Long value = integer(name, (long) min, (long) max);
    return value == null ? null : Integer.valueOf(value.intValue());
  }

  Float number(String name, float min, float max) {
    JsonNode node = node(name);
    if (node == null) {
      return null;
    }
    String range = "a number from " + plain(min) + " to " + plain(max);
    check(node.isNumber(), name, range);
    double value = node.asDouble();
    check(value >= min && value <= max, name, range); // false for NaN
    return (float) value;
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

  private static String cut(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private static String range(String kind, long min, long max) {
    if (max < Integer.MAX_VALUE) {
      return kind + " from " + min + " to " + max;
    }
    return min <= Integer.MIN_VALUE ? kind : kind + " of at least " + min;
  }

  private static String plain(float number) {
    return number == (long) number ? Long.toString((long) number) : Float.toString(number);
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
      check(node.isInt() && node.intValue() >= 0, "a token id (an integer of at least 0)");
      return node.intValue();
    }

    Fields fields() {
      check(node.isObject(), "an object");
      return new Fields(node, path + ".");
    }
  }
}
