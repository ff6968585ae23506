package dev.serving.core.message;

import java.util.List;

/**
 * Natural log-probabilities at one position, of the chosen token and of the likeliest ones.
 *
 * @param logprob of the chosen token
 * @param rank the chosen token's place among all, 1 for the likeliest
 * @param topTokens ids of the likeliest tokens, likeliest first
 * @param topLogprobs their log-probabilities, in the same order
 */
public record TokenLogprobs(
    float logprob, int rank, List<Integer> topTokens, List<Float> topLogprobs) {
  /** Refuses lists of different lengths. */
  public TokenLogprobs {
    topTokens = List.copyOf(topTokens);
    topLogprobs = List.copyOf(topLogprobs);
    if (topTokens.size() != topLogprobs.size()) {
      throw new IllegalArgumentException("topTokens and topLogprobs differ in length");
    }
  }
}
