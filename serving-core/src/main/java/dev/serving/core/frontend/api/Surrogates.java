package dev.serving.core.frontend.api;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Halves of characters that a client wrote as JSON escapes: {@code "\\ud83d"} alone. They are no
 * text, and neither tokenizers nor UTF-8 take them; each becomes U+FFFD, as in other decoders.
 */
final class Surrogates {
  private static final Pattern ESCAPED = Pattern.compile("\\\\u[dD][89a-fA-F]");

  private Surrogates() {}

  /** The same tree, without halves of characters. */
  static JsonNode mended(byte[] bytes, JsonNode tree) {
    boolean none =
        tree == null || !ESCAPED.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).find();
    return none ? tree : mended(tree);
  }

  private static JsonNode mended(JsonNode node) {
    if (node.isString()) {
      return JsonNodeFactory.instance.stringNode(mended(node.stringValue()));
    }
    if (node instanceof ArrayNode array) {
      ArrayNode mended = JsonNodeFactory.instance.arrayNode(array.size());
      array.forEach(element -> mended.add(mended(element)));
      return mended;
    }
    if (node instanceof ObjectNode object) {
      ObjectNode mended = JsonNodeFactory.instance.objectNode();
      object.properties().forEach(e -> mended.set(mended(e.getKey()), mended(e.getValue())));
      return mended;
    }
    return node;
  }

  private static String mended(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }
}
