package dev.serving.core.frontend.api;

import java.util.List;

/**
 * A piece of one choice's text: some of it in a stream, all of it in a whole answer.
 *
 * @param index the choice's index
 * @param text the text, may be empty
 * @param tokens its tokens when log-probabilities are asked for, else null
 * @param prompt the prompt's tokens when theirs are asked for, else null
 * @param finish {@code stop}, {@code length} … with the last piece, else null
 */
public record Piece(
    int index, String text, List<TokenText> tokens, List<TokenText> prompt, String finish) {
  private static final int OBJECT = 200;

  /** How much memory it takes, in bytes. */
  public long weight() {
    return OBJECT + 2L * text.length() + weight(tokens) + weight(prompt);
  }

  private static long weight(List<TokenText> texts) {
    return texts == null
        ? 0
        : texts.stream().mapToLong(token -> OBJECT * (1L + token.top().size())).sum();
  }
}
