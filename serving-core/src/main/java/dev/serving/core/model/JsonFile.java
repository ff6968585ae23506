package dev.serving.core.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fields of a JSON object in a checkpoint's file, with errors that name file and field. */
final class JsonFile {
  /** Above any real configuration; an index of 100,000 tensors has 10 MB. */
  private static final long MAX_BYTES = 32L << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN and Infinity
          .build();

  private final String name;
  private final JsonNode object;

  private JsonFile(String name, JsonNode object) {
    this.name = name;
    this.object = object;
  }

  /** Reads a file that must be there. */
  static JsonFile read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new CheckpointException(
            "%s has %d bytes; at most %d are read".formatted(file, size, MAX_BYTES));
      }
      return parse(file.toString(), Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new CheckpointException(file + " is missing", e);
    } catch (IOException e) {
      throw new CheckpointException(file + " cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  /** Parses an object; {@code name} says where it is from. */
  static JsonFile parse(String name, byte[] bytes) {
    JsonNode root;
    try {
      root = JSON.readTree(bytes);
    } catch (JacksonException e) {
      throw new CheckpointException(name + " is not valid JSON: " + reason(e), e);
    }
    if (root == null || !root.isObject()) {
      throw new CheckpointException(name + " does not hold a JSON object");
    }
    return new JsonFile(name, root);
  }

  /** The parser's words without its list of what else might have been. */
  private static String reason(JacksonException e) {
    String message = e.getOriginalMessage().lines().findFirst().orElse("");
    return "%s at line %d, column %d"
        .formatted(
            message.replaceFirst("(: was expecting|: expected [a-z ]+[A-Za-z]+)? \\(.*", ""),
            e.getLocation().getLineNr(),
            e.getLocation().getColumnNr());
  }

  JsonNode root() {
    return object;
  }

  boolean has(String field) {
    return !object.path(field).isMissingNode() && !object.path(field).isNull();
  }

  /** A nested object; an empty one where it is absent. */
  JsonFile object(String field) {
    JsonNode node = object.path(field);
    if (has(field) && !node.isObject()) {
      throw wrong(field, "an object");
    }
    return new JsonFile(name + " (" + field + ")", has(field) ? node : JSON.createObjectNode());
  }

  int integer(String field, int otherwise, int min, int max) {
    return has(field) ? integer(field, min, max) : otherwise;
  }

  int integer(String field, int min, int max) {
    JsonNode node = object.path(field);
    if (!has(field)) {
      throw new CheckpointException(name + " has no " + field);
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw wrong(field, "a whole number");
    }
    int n = node.intValue();
    if (n < min || n > max) {
      throw new CheckpointException(
          "%s of %s is %d; supported are %d to %d".formatted(field, name, n, min, max));
    }
    return n;
  }

  double number(String field, double otherwise) {
    if (!has(field)) {
      return otherwise;
    }
    JsonNode node = object.path(field);
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong(field, "a number");
    }
    return node.doubleValue();
  }

  boolean flag(String field, boolean otherwise) {
    if (!has(field)) {
      return otherwise;
    }
    if (!object.path(field).isBoolean()) {
      throw wrong(field, "true or false");
    }
    return object.path(field).booleanValue();
  }

  String text(String field, String otherwise) {
    if (!has(field)) {
      return otherwise;
    }
    if (!object.path(field).isString()) {
      throw wrong(field, "a string");
    }
    return object.path(field).stringValue();
  }

  /** An exception that says what is not supported, and where. */
  CheckpointException unsupported(String what) {
    return new CheckpointException("%s in %s is not supported".formatted(what, name));
  }

  private CheckpointException wrong(String field, String wanted) {
    String text = object.path(field).toString();
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return new CheckpointException(
        "%s of %s must be %s, not %s".formatted(field, name, wanted, shown));
  }
}
