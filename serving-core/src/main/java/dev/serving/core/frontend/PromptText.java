package dev.serving.core.frontend;

import dev.serving.core.frontend.api.TokenText;
import dev.serving.core.message.TokenLogprobs;
import dev.serving.core.model.text.IncrementalDetokenizer;
import dev.serving.core.model.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of a prompt whose likelihood was asked for, as the engine tells of them. Used by its
 * request's postprocess thread only.
 */
final class PromptText {
  private final int[] prompt;
  private final Tokenizer tokenizer;
  private final List<TokenLogprobs> chances = new ArrayList<>();

  PromptText(int[] prompt, Tokenizer tokenizer) {
    this.prompt = prompt;
    this.tokenizer = tokenizer;
  }

  void add(List<TokenLogprobs> more) {
    chances.addAll(more);
  }

  /**
   * All tokens, each with its place in the prompt's text.
   *
   * @param top how many alternatives of each are wanted
   * @param keepSpecial whether special tokens are part of the text
   * @param length characters of the text, which no place is behind
   */
  List<TokenText> tokens(int top, boolean keepSpecial, int length) {
    TokenTexts texts = new TokenTexts(tokenizer);
    TextPlaces places =
        new TextPlaces(tokenizer, new IncrementalDetokenizer(tokenizer, keepSpecial), 0);
    List<TokenText> tokens = new ArrayList<>(prompt.length);
    for (int i = 0; i < prompt.length; i++) {
      TokenLogprobs known = i > 0 && i <= chances.size() ? chances.get(i - 1) : null;
      tokens.add(texts.of(prompt[i], Math.min(places.of(prompt[i]), length), known, top));
      places.push(prompt[i]);
    }
    return tokens;
  }
}
