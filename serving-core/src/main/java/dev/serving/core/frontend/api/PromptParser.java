package dev.serving.core.frontend.api;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads {@code prompt}: a string, a list of strings, token ids, or a list of lists of those. */
final class PromptParser {
  private static final String SHAPE =
      "a non-empty string, a list of strings, token ids, or a list of lists of token ids";

  private PromptParser() {}

  static List<Prompt> prompts(Fields fields, int most) {
    JsonNode node = fields.node("prompt");
    fields.check(node != null, "prompt", SHAPE);
    if (node.isString() || isTokens(node)) {
      return List.of(prompt(fields.path("prompt"), node));
    }
    fields.check(node.isArray() && !node.isEmpty(), "prompt", SHAPE);
    List<Prompt> prompts = fields.list("prompt", most, e -> prompt(e.path(), e.node()));
    return new ArrayList<>(prompts);
  }

  private static boolean isTokens(JsonNode node) {
    return node.isArray() && !node.isEmpty() && node.get(0).isNumber();
  }

  private static Prompt prompt(String path, JsonNode node) {
    if (node.isString() && !node.stringValue().isEmpty()) {
      return new Prompt.Text(node.stringValue());
    }
    if (isTokens(node)) {
      int[] ids = new int[node.size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = new Fields.Element(path + "[" + i + "]", node.get(i)).tokenId();
      }
      return new Prompt.Tokens(ids);
    }
    throw Fields.refused(path, SHAPE, node);
  }
}
