package dev.serving.core.frontend.api;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a client lets a text be.
 *
 * @param allowedTokens the only tokens there may be; empty allows all
 * @param badWords words that must not appear
 * @param choices the text is one of these; empty leaves it free
 */
public record TextConstraints(
    Set<Integer> allowedTokens, List<String> badWords, List<String> choices) {
  /** None. */
  public static final TextConstraints NONE = new TextConstraints(Set.of(), List.of(), List.of());

  /** Options of vLLM that say how a constraint is kept. */
  private static final Set<String> MANNERS =
      Set.of("disable_any_whitespace", "disable_additional_properties", "disable_fallback");

  private static final int MAX_TOKENS = 1 << 20;
  private static final int MAX_WORDS = 1024;
  private static final int MAX_CHOICES = 1024;
  private static final int MAX_LENGTH = 4096;

  /** Copies. */
  public TextConstraints {
    allowedTokens = Set.copyOf(allowedTokens);
    badWords = List.copyOf(badWords);
    choices = List.copyOf(choices);
  }

  static TextConstraints parse(Fields fields) {
    List<Integer> allowed = fields.list("allowed_token_ids", MAX_TOKENS, Fields.Element::tokenId);
    fields.check(
        fields.node("allowed_token_ids") == null || !allowed.isEmpty(),
        "allowed_token_ids",
        "an array of at least one token id");
    return new TextConstraints(
        new HashSet<>(allowed), words(fields, "bad_words", MAX_WORDS), choices(fields));
  }

  private static List<String> choices(Fields fields) {
    Fields structured = fields.object("structured_outputs");
    for (String name : structured.names()) {
      if (!name.equals("choice") && !MANNERS.contains(name) && asks(structured, name)) {
        throw new ApiException(
            ApiError.unsupported(
                structured.path(name), "Of 'structured_outputs' only 'choice' is supported."));
      }
    }
    List<String> guided = words(fields, "guided_choice", MAX_CHOICES);
    List<String> choice = words(structured, "choice", MAX_CHOICES);
    structured.check(
        guided.isEmpty() || choice.isEmpty(), "choice", "left out where 'guided_choice' is given");
    return guided.isEmpty() ? choice : guided;
  }

  /** An empty schema is a wish as well: for any JSON. */
  private static boolean asks(Fields structured, String name) {
    JsonNode value = structured.node(name);
    return name.equals("json") ? value != null : ApiField.asks(value);
  }

  private static List<String> words(Fields fields, String name, int most) {
    return fields.list(
        name,
        most,
        e -> {
          String text = e.text();
          e.check(
              !text.isEmpty() && text.length() <= MAX_LENGTH,
              "a string of 1 to " + MAX_LENGTH + " characters");
          return text;
        });
  }
}
