package dev.serving.core.model.text;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * How many bytes of a text one token can stand for at most: what is longer than so many times the
 * model's positions cannot fit it, which is known without reading it. Said only of tokenizers that
 * neither drop nor join text, as far as their file shows.
 */
final class LongestToken {
  /** Composing makes a third of three Jamo or of a Kelvin sign, and nothing smaller of anything. */
  private static final int NFC_SHRINKS = 3;

  private static final Set<String> KEEPING =
      Set.of("ByteLevel", "Digits", "Metaspace", "Punctuation");

  private LongestToken() {}

  static int of(
      JsonNode normalizer,
      JsonNode preTokenizer,
      JsonNode addedTokens,
      List<String> pieces,
      PieceBytes bytes) {
    int shrinks = shrinks(normalizer);
    if (shrinks == 0 || !keeps(preTokenizer) || strips(addedTokens)) {
      return 0;
    }
    int longest = 1;
    for (String piece : pieces) {
      longest = piece == null ? longest : Math.max(longest, bytes.of(piece).length);
    }
    return longest * shrinks;
  }

  /** By what factor text may become shorter before it is cut into tokens; 0 if that is unknown. */
  private static int shrinks(JsonNode normalizer) {
    switch (normalizer.path("type").asString("")) {
      case "", "Prepend":
        return 1;
      case "NFC":
        return NFC_SHRINKS;
      case "Replace":
        return normalizer.path("pattern").path("String").asString("").length() == 1
                && !normalizer.path("content").asString("").isEmpty()
            ? 1
            : 0;
      case "Sequence":
        int all = 1;
        for (JsonNode part : normalizer.path("normalizers")) {
          all *= shrinks(part);
        }
        return all;
      default:
        return 0;
    }
  }

  private static boolean keeps(JsonNode preTokenizer) {
    String type = preTokenizer.path("type").asString("");
    if (type.equals("Sequence")) {
      for (JsonNode part : preTokenizer.path("pretokenizers")) {
        if (!keeps(part)) {
          return false;
        }
      }
      return true;
    }
    return type.isEmpty()
        || KEEPING.contains(type)
        || (type.equals("Split") && !preTokenizer.path("behavior").asString("").equals("Removed"));
  }

  /** Whether an added token takes the spaces around it, however many. */
  private static boolean strips(JsonNode addedTokens) {
    for (JsonNode token : addedTokens) {
      if (token.path("lstrip").asBoolean(false) || token.path("rstrip").asBoolean(false)) {
        return true;
      }
    }
    return false;
  }
}
