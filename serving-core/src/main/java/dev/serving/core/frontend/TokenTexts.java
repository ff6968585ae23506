package dev.serving.core.frontend;

import dev.serving.core.frontend.api.TokenText;
import dev.serving.core.message.TokenLogprobs;
import dev.serving.core.model.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/** Makes log-probabilities of token ids readable. */
final class TokenTexts {
  private final Tokenizer tokenizer;

  TokenTexts(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * A token and what is known of its likelihood.
   *
   * @param offset characters of the text before it
   * @param chances its log-probabilities, or null when nothing comes before it
   * @param top how many alternatives are wanted
   */
  TokenText of(int token, int offset, TokenLogprobs chances, int top) {
    if (chances == null) {
      return of(token, offset, null, 0, List.of());
    }
    List<TokenText> others = new ArrayList<>();
    for (int i = 0; i < Math.min(top, chances.topTokens().size()); i++) {
      int other = chances.topTokens().get(i);
      others.add(of(other, offset, chances.topLogprobs().get(i), i + 1, List.of()));
    }
    return of(token, offset, chances.logprob(), chances.rank(), others);
  }

  private TokenText of(int token, int offset, Float logprob, int rank, List<TokenText> top) {
    List<Integer> bytes = new ArrayList<>();
    for (byte b : tokenizer.pieceBytes(token)) {
      bytes.add(b & 0xff);
    }
    return new TokenText(token, tokenizer.piece(token), bytes, logprob, rank, offset, top);
  }
}
