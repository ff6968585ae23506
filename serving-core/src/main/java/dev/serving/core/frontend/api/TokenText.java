package dev.serving.core.frontend.api;

import java.util.List;

/**
 * A generated token as a client sees it, with log-probabilities.
 *
 * @param token its text; U+FFFD where it is only part of a character
 * @param bytes its bytes, 0 to 255 each
 * @param logprob its natural log-probability, never infinite
 * @param top the likeliest tokens at its place, likeliest first; their own lists are empty
 */
public record TokenText(String token, List<Integer> bytes, float logprob, List<TokenText> top) {
  private static final float LEAST = -9999;

  /** Copies the lists; JSON has no infinity, so very small values become -9999. */
  public TokenText {
    bytes = List.copyOf(bytes);
    top = List.copyOf(top);
    logprob = logprob > LEAST ? logprob : LEAST; // also for NaN
  }
}
