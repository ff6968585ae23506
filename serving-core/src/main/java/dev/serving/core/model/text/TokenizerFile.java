package dev.serving.core.model.text;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code tokenizer.json}: its vocabulary, and the file as the native library is given it, in
 * which the special tokens have other names and nothing truncates or pads.
 *
 * <p>Read twice as a stream, for a vocabulary of 150,000 as a tree takes longer than all the rest.
 */
final class TokenizerFile {
  // A value that is read out of the middle of a stream has others behind it.
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  // A lying file must not make us allocate: no vocabulary is near four million.
  private static final int MAX_ID = 4_000_000;

  private final Path file;
  private final Map<Integer, String> added = new HashMap<>();
  private final Map<Integer, String> special = new HashMap<>();
  private final List<String> pieces = new ArrayList<>();
  private final ByteArrayOutputStream renamed = new ByteArrayOutputStream();
  private JsonNode addedTokens = MissingNode.getInstance();
  private JsonNode decoder = MissingNode.getInstance();
  private JsonNode normalizer = MissingNode.getInstance();
  private JsonNode preTokenizer = MissingNode.getInstance();
  private String modelType = "";
  private boolean byteFallback;
  private SpecialTokens specials;

  private TokenizerFile(Path file) {
    this.file = file;
  }

  static TokenizerFile read(Path directory) {
    Path path = directory.resolve("tokenizer.json");
    if (!Files.isRegularFile(path)) {
      throw new TokenizerException(
          "no tokenizer.json in "
              + directory
              + "; save the tokenizer with transformers' save_pretrained");
    }
    TokenizerFile file = new TokenizerFile(path);
    try {
      file.survey();
      file.rename();
    } catch (JacksonException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new TokenizerException(path + " is not readable JSON: " + reason, e);
    }
    return file;
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

  /** Tokens that are matched in text as they stand, by id. */
  Map<Integer, String> addedById() {
    return added;
  }

  /** How many bytes of a text one token can stand for at most; 0 where that is not known. */
  int longestToken() {
    boolean everyByte = modelType.equals("BPE") && (byteFallback || bytes().byteLevel());
    return everyByte ? LongestToken.of(normalizer, preTokenizer, addedTokens, pieces, bytes()) : 0;
  }

  /** How pieces spell bytes. */
  PieceBytes bytes() {
    return new PieceBytes(decoder);
  }

  /** Every piece at its id; null where an id has none. */
  String[] pieces() {
    return pieces.toArray(String[]::new);
  }

  /** The file as the native library gets it, in UTF-8. */
  byte[] renamed() {
    return renamed.toByteArray();
  }

  /** Finds what the renaming must know before it begins. */
  private void survey() {
    boolean model = false;
    try (JsonParser in = JSON.createParser(file)) {
      in.nextToken();
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        model |= in.nextToken() == JsonToken.START_OBJECT && name.equals("model");
        switch (name) {
          case "added_tokens" -> addedTokens = JSON.readTree(in);
          case "decoder" -> decoder = JSON.readTree(in);
          case "normalizer" -> normalizer = JSON.readTree(in);
          case "pre_tokenizer" -> preTokenizer = JSON.readTree(in);
          default -> in.skipChildren();
        }
      }
    }
    if (!model) {
      throw new TokenizerException(file + " is not a tokenizer: it has no \"model\" object");
    }
    addedTokens.forEach(this::note);
    specials = new SpecialTokens(List.copyOf(special.values()));
  }

  private void note(JsonNode token) {
    String content = token.path("content").asString("");
    int id = token.path("id").asInt(-1);
    put(id, content);
    added.put(id, content);
    if (token.path("special").asBoolean(false)) {
      special.put(id, content);
    }
  }

  private void put(int id, String piece) {
    if (id < 0 || id > MAX_ID) {
      throw new TokenizerException(file + " gives the piece '" + piece + "' the id " + id);
    }
    while (pieces.size() <= id) {
      pieces.add(null);
    }
    pieces.set(id, piece);
  }

  private void rename() {
    try (JsonParser in = JSON.createParser(file);
        JsonGenerator out = JSON.createGenerator(renamed)) {
      in.nextToken();
      out.writeStartObject();
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        out.writeName(name);
        in.nextToken();
        switch (name) {
          case "truncation", "padding" -> skip(in, out);
          case "added_tokens" -> renameAdded(in, out);
          case "model" -> renameModel(in, out);
          default -> out.copyCurrentStructure(in);
        }
      }
      out.writeEndObject();
    }
  }

  private static void skip(JsonParser in, JsonGenerator out) {
    in.skipChildren();
    out.writeNull();
  }

  private void renameAdded(JsonParser in, JsonGenerator out) {
    in.skipChildren();
    for (JsonNode token : addedTokens) {
      if (token instanceof ObjectNode o && o.path("special").asBoolean(false)) {
        o.put("content", specials.wordFor(o.path("content").asString("")));
        // Matched before any normalizer: the words are ours, nothing in them is to be normalized.
        o.put("normalized", false);
      }
    }
    JSON.writeTree(out, addedTokens);
  }

  private void renameModel(JsonParser in, JsonGenerator out) {
    out.writeStartObject();
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = in.currentName();
      out.writeName(name);
      JsonToken value = in.nextToken();
      if (name.equals("unk_token") && value == JsonToken.VALUE_STRING) {
        out.writeString(specials.wordFor(in.getString()));
      } else if (name.equals("vocab") && value == JsonToken.START_OBJECT) {
        renameIds(in, out);
      } else if (name.equals("vocab") && value == JsonToken.START_ARRAY) {
        renameScores(in, out);
      } else {
        modelType = name.equals("type") ? in.getValueAsString("") : modelType;
        byteFallback |= name.equals("byte_fallback") && value == JsonToken.VALUE_TRUE;
        out.copyCurrentStructure(in);
      }
    }
    out.writeEndObject();
  }

  /** A vocabulary of ids by piece. */
  private void renameIds(JsonParser in, JsonGenerator out) {
    out.writeStartObject();
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      String piece = in.currentName();
      in.nextToken();
      put(in.getIntValue(), piece);
      out.writeName(specials.wordFor(piece));
      out.writeNumber(in.getIntValue());
    }
    out.writeEndObject();
  }

  /** A vocabulary of pairs of piece and score, whose ids are their places. */
  private void renameScores(JsonParser in, JsonGenerator out) {
    out.writeStartArray();
    for (int id = 0; in.nextToken() == JsonToken.START_ARRAY; id++) {
      in.nextToken();
      put(id, in.getString());
      out.writeStartArray();
      out.writeString(specials.wordFor(in.getString()));
      in.nextToken();
      out.copyCurrentStructure(in);
      in.nextToken();
      out.writeEndArray();
    }
    out.writeEndArray();
  }
}
