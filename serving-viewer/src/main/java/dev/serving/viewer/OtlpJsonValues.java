package dev.serving.viewer;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Attribute values in OTLP's JSON. */
final class OtlpJsonValues {
  // The limit that protobuf's own parser has.
  private static final int MAX_DEPTH = 100;

  private OtlpJsonValues() {}

  static List<KeyValue> attributes(JsonNode json) {
    return keyValues(json, "attributes", 0);
  }

  private static List<KeyValue> keyValues(JsonNode json, String field, int depth) {
    List<KeyValue> attributes = new ArrayList<>();
    for (JsonNode entry : JsonFields.list(json, field)) {
      KeyValue.Builder attribute = KeyValue.newBuilder().setKey(JsonFields.text(entry, "key"));
      attributes.add(attribute.setValue(value(entry.path("value"), depth)).build());
    }
    return attributes;
  }

  private static AnyValue value(JsonNode json, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "values must not be nested deeper than " + MAX_DEPTH + " levels");
    }
    AnyValue.Builder value = AnyValue.newBuilder();
    if (json.has("stringValue")) {
      value.setStringValue(JsonFields.text(json, "stringValue"));
    } else if (json.has("intValue")) {
      value.setIntValue(JsonFields.number(json, "intValue"));
    } else if (json.has("boolValue")) {
      value.setBoolValue(json.path("boolValue").asBoolean(false));
    } else if (json.has("doubleValue")) {
      value.setDoubleValue(real(json.path("doubleValue")));
    } else if (json.has("bytesValue")) {
      byte[] bytes = Base64.getDecoder().decode(JsonFields.text(json, "bytesValue"));
      value.setBytesValue(ByteString.copyFrom(bytes));
    } else if (json.has("arrayValue")) {
      value.setArrayValue(array(json.path("arrayValue"), depth + 1));
    } else if (json.has("kvlistValue")) {
      value.setKvlistValue(
          KeyValueList.newBuilder()
              .addAllValues(keyValues(json.path("kvlistValue"), "values", depth + 1)));
    }
    return value.build();
  }

  private static ArrayValue array(JsonNode json, int depth) {
    ArrayValue.Builder array = ArrayValue.newBuilder();
    for (JsonNode element : JsonFields.list(json, "values")) {
      array.addValues(value(element, depth));
    }
    return array.build();
  }

  /** A number, or the words that protobuf's JSON has for those that JSON lacks. */
  private static double real(JsonNode json) {
    if (json.isNumber()) {
      return json.doubleValue();
    }
    if (json.isString()) {
      return Double.parseDouble(json.stringValue());
    }
    throw new IllegalArgumentException("field 'doubleValue' must be a number");
  }
}
