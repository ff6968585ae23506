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

  TokenText of(int token, TokenLogprobs chances) {
    List<TokenText> top = new ArrayList<>();
    for (int i = 0; i < chances.topTokens().size(); i++) {
      top.add(of(chances.topTokens().get(i), chances.topLogprobs().get(i), List.of()));
    }
    return of(token, chances.logprob(), top);
  }

  private TokenText of(int token, float logprob, List<TokenText> top) {
    List<Integer> bytes = new ArrayList<>();
    for (byte b : tokenizer.pieceBytes(token)) {
      bytes.add(b & 0xff);
    }
    return new TokenText(tokenizer.piece(token), bytes, logprob, top);
  }
}
