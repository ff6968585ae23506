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
    int index, String text, List<TokenText> tokens, List<TokenText> prompt, String finish) {}
