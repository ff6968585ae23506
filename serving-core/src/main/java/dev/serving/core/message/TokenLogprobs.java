package dev.serving.core.message;

import java.util.List;

/**
 * Natural log-probabilities at one position, of the chosen token and of the likeliest ones.
 *
 * @param logprob of the chosen token
 * @param topTokens ids of the likeliest tokens, likeliest first
 * @param topLogprobs their log-probabilities, in the same order
 */
public record TokenLogprobs(float logprob, List<Integer> topTokens, List<Float> topLogprobs) {
  /** Refuses lists of different lengths. */
  public TokenLogprobs {
    topTokens = List.copyOf(topTokens);
    topLogprobs = List.copyOf(topLogprobs);
    if (topTokens.size() != topLogprobs.size()) {
      throw new IllegalArgumentException("topTokens and topLogprobs differ in length");
    }
  }
}
