package dev.serving.core.frontend.api;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads {@code prompt}: a string, a list of strings, token ids, or a list of lists of those. */
final class PromptParser {
  private static final String SHAPE =
      "a string, a list of strings, token ids, or a list of lists of token ids";

  private PromptParser() {}

  static List<Prompt> prompts(Fields fields, int most) {
    JsonNode node = fields.node("prompt");
    fields.check(node != null, "prompt", SHAPE);
    if (node.isString() || isTokens(node)) {
      return List.of(prompt(fields, fields.path("prompt"), node));
    }
    fields.check(node.isArray() && !node.isEmpty(), "prompt", SHAPE);
    List<Prompt> prompts = fields.list("prompt", most, e -> prompt(fields, e.path(), e.node()));
    return new ArrayList<>(prompts);
  }

  private static boolean isTokens(JsonNode node) {
    return node.isArray() && !node.isEmpty() && node.get(0).isNumber();
  }

  private static Prompt prompt(Fields fields, String path, JsonNode node) {
    if (node.isString()) {
      return text(fields, node.stringValue());
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

  /** A text and what the request says of special tokens in and around it. */
  static Prompt text(Fields fields, String text) {
    return new Prompt.Text(
        text, fields.flag("add_special_tokens", true), fields.flag("parse_special", true));
  }
}
