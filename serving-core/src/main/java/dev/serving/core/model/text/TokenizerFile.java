package dev.serving.core.model.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code tokenizer.json}: its vocabulary, and the text that the native library is given, in which
 * the special tokens have other names and nothing truncates or pads.
 */
final class TokenizerFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final ObjectNode root;
  private final SpecialTokens specials;
  private final Map<Integer, String> added = new HashMap<>();
  private final Map<Integer, String> special = new HashMap<>();

  private TokenizerFile(Path file, ObjectNode root) {
    this.file = file;
    this.root = root;
    for (JsonNode token : root.path("added_tokens")) {
      String content = token.path("content").asString("");
      added.put(token.path("id").asInt(-1), content);
      if (token.path("special").asBoolean(false)) {
        special.put(token.path("id").asInt(-1), content);
      }
    }
    this.specials = new SpecialTokens(List.copyOf(special.values()));
  }

  static TokenizerFile read(Path directory) {
    Path file = directory.resolve("tokenizer.json");
    if (!Files.isRegularFile(file)) {
      throw new TokenizerException(
          "no tokenizer.json in "
              + directory
              + "; save the tokenizer with transformers' save_pretrained");
    }
    try {
      if (JSON.readTree(file) instanceof ObjectNode root && root.path("model").isObject()) {
        return new TokenizerFile(file, root);
      }
      throw new TokenizerException(file + " is not a tokenizer: it has no \"model\" object");
    } catch (JacksonException e) {
      throw new TokenizerException(
          file + " is not readable JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""),
          e);
    }
  }

  Path path() {
    return file;
  }

  SpecialTokens specials() {
    return specials;
  }

  /** Special tokens by id. */
  Map<Integer, String> specialById() {
    return special;
  }

  /** The decoder's description, which tells how pieces spell bytes. */
  JsonNode decoder() {
    return root.path("decoder");
  }

  /** Tokens that are matched in text as they stand, by id. */
  Map<Integer, String> addedById() {
    return added;
  }

  /** Every piece at its id; null where an id has none. */
  String[] pieces() {
    JsonNode vocabulary = root.path("model").path("vocab");
    List<String> pieces = new ArrayList<>();
    if (vocabulary.isArray()) {
      vocabulary.forEach(entry -> pieces.add(entry.path(0).asString("")));
    } else {
      vocabulary.properties().forEach(e -> put(pieces, e.getValue().asInt(-1), e.getKey()));
    }
    added.forEach((id, content) -> put(pieces, id, content));
    return pieces.toArray(String[]::new);
  }

  private void put(List<String> pieces, int id, String piece) {
    // A lying file must not make us allocate: no vocabulary is near four million.
    if (id < 0 || id > 4_000_000) {
      throw new TokenizerException(file + " gives the piece '" + piece + "' the id " + id);
    }
    while (pieces.size() <= id) {
      pieces.add(null);
    }
    pieces.set(id, piece);
  }

  /** The file's text as the native library gets it. */
  String renamed() {
    ObjectNode copy = root.deepCopy();
    copy.putNull("truncation");
    copy.putNull("padding");
    copy.path("added_tokens").forEach(this::renameAdded);
    ObjectNode model = (ObjectNode) copy.path("model");
    if (model.path("unk_token").isString()) {
      model.put("unk_token", specials.wordFor(model.path("unk_token").asString()));
    }
    model.set("vocab", renameVocabulary(model.path("vocab")));
    return JSON.writeValueAsString(copy);
  }

  private void renameAdded(JsonNode token) {
    if (token instanceof ObjectNode o && o.path("special").asBoolean(false)) {
      o.put("content", specials.wordFor(o.path("content").asString("")));
      // Matched before any normalizer: the words are ours, nothing in them is to be normalized.
      o.put("normalized", false);
    }
  }

  private JsonNode renameVocabulary(JsonNode vocabulary) {
    if (vocabulary instanceof ArrayNode array) {
      array.forEach(
          entry -> {
            if (entry instanceof ArrayNode pair && pair.path(0).isString()) {
              pair.set(0, specials.wordFor(pair.path(0).asString()));
            }
          });
      return array;
    }
    ObjectNode renamed = JSON.createObjectNode();
    vocabulary.properties().forEach(e -> renamed.set(specials.wordFor(e.getKey()), e.getValue()));
    return renamed;
  }
}
