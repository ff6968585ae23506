package dev.serving.core.frontend.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** JSON of this API: snake case, bounded in depth and number length. Any thread. */
public final class Json {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NUMBER = 100;
  private static final JsonMapper MAPPER = mapper();

  private Json() {}

  /** Writes a record or map as UTF-8. */
  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /** Writes a record or map on one line. */
  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * Reads an object.
   *
   * @throws ApiException (400) when the bytes are no JSON object
   */
  static Fields object(byte[] bytes) {
    JsonNode node = read(bytes);
    if (node == null || !node.isObject()) {
      throw new ApiException(ApiError.malformed("The body must be a JSON object."));
    }
    return new Fields(node, "");
  }

  private static JsonNode read(byte[] bytes) {
    try {
      return Surrogates.mended(bytes, MAPPER.readTree(bytes));
    } catch (JacksonException e) {
      throw new ApiException(ApiError.malformed("The body is not valid JSON: " + where(e)));
    }
  }

  private static String where(JacksonException e) {
    String at =
        e.getLocation() == null
            ? ""
            : " (line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr()
                + ")";
    return e.getOriginalMessage() + at;
  }

  /** An object node as maps, lists, strings, numbers and booleans. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> plain(JsonNode object) {
    return MAPPER.convertValue(object, Map.class);
  }

  private static JsonMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER)
                    .build())
            .build();
    return JsonMapper.builder(factory)
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .changeDefaultPropertyInclusion(i -> i.withValueInclusion(JsonInclude.Include.ALWAYS))
        .build();
  }
}
