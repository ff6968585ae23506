package dev.serving.viewer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.serving.viewer.store.GoDouble;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The one JSON reader and writer of the module. */
final class Json {
  private static final JsonMapper MAPPER = GoDouble.mapper();

  private Json() {}

  /** An object with these keys and values in this order; values may be null. */
  static Map<String, Object> object(Object... keysAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return object;
  }

  static ByteString bytes(Object value) {
    return UnsafeByteOperations.unsafeWrap(MAPPER.writeValueAsBytes(value));
  }

  static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  static JsonParser parser(ByteString json) {
    return MAPPER.createParser(json.newInput());
  }

  static JsonNode tree(String json) throws JacksonException {
    return MAPPER.readTree(json);
  }
}
