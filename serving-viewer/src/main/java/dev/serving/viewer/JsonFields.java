package dev.serving.viewer;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads typed fields; a wrong type is an {@link IllegalArgumentException} that names the field. */
final class JsonFields {
  private JsonFields() {}

  /** The elements of an array, none if the field is missing or null. */
  static Iterable<JsonNode> list(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong(field, "an array");
    }
    return value;
  }

  /** A string, empty if the field is missing or null. */
  static String text(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isString()) {
      throw wrong(field, "a string");
    }
    return value.stringValue();
  }

  /** A whole number, written as one or as a string; 0 if the field is missing or null. */
  static long number(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return 0;
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    if (value.isString()) {
      return parse(value.stringValue(), field);
    }
    throw wrong(field, "a whole number of 64 bits");
  }

  private static long parse(String digits, String field) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw wrong(field, "a whole number of 64 bits");
    }
  }

  private static IllegalArgumentException wrong(String field, String expected) {
    return new IllegalArgumentException("field '" + field + "' must be " + expected);
  }
}
