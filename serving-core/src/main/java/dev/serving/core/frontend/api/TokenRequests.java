package dev.serving.core.frontend.api;

import java.util.Optional;

/** Reads the bodies of {@code /tokenize} and {@code /detokenize}, which vLLM's servers have too. */
public final class TokenRequests {
  private static final int MAX_TOKENS = 1 << 20;

  private TokenRequests() {}

  /**
   * Reads the body of {@code /tokenize}.
   *
   * @throws ApiException when it is malformed or wrong
   */
  public static Tokenize tokenize(byte[] body) {
    Fields fields = Json.object(body);
    boolean chat = fields.node("messages") != null;
    fields.check(chat || fields.text("prompt") != null, "prompt", "a string");
    Prompt prompt =
        chat ? ChatParser.parse(fields) : PromptParser.text(fields, fields.text("prompt"));
    return new Tokenize(
        Optional.ofNullable(fields.text("model")), prompt, fields.flag("return_token_strs"));
  }

  /**
   * Reads the body of {@code /detokenize}.
   *
   * @throws ApiException when it is malformed or wrong
   */
  public static Detokenize detokenize(byte[] body) {
    Fields fields = Json.object(body);
    fields.check(fields.node("tokens") != null, "tokens", "an array of token ids");
    int[] tokens =
        fields.list("tokens", MAX_TOKENS, Fields.Element::tokenId).stream()
            .mapToInt(id -> id)
            .toArray();
    return new Detokenize(Optional.ofNullable(fields.text("model")), tokens);
  }

  /**
   * What tokens does this make?
   *
   * @param model the model's name, if given
   * @param prompt text or a conversation
   * @param withText whether the tokens' texts are wanted too
   */
  public record Tokenize(Optional<String> model, Prompt prompt, boolean withText) {}

  /**
   * What text do these tokens make?
   *
   * @param model the model's name, if given
   * @param tokens token ids
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record Detokenize(Optional<String> model, int[] tokens) {}
}
