package dev.serving.core.frontend.api;

import java.util.List;

/**
 * A piece of one choice's text: some of it in a stream, all of it in a whole answer.
 *
 * @param index the choice's index
 * @param text the text, may be empty
 * @param tokens its tokens when log-probabilities are asked for, else null
 * @param textOffset characters of the choice before this piece
 * @param finish {@code stop}, {@code length} … with the last piece, else null
 */
public record Piece(
    int index, String text, List<TokenText> tokens, int textOffset, String finish) {
  private static final int OBJECT = 200;

  /** How much memory it takes, in bytes. */
  public long weight() {
    long weight = OBJECT + 2L * text.length();
    if (tokens != null) {
      for (TokenText token : tokens) {
        weight += OBJECT * (1L + token.top().size());
      }
    }
    return weight;
  }
}
