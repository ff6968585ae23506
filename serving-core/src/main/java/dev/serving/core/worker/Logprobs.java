package dev.serving.core.worker;

import dev.serving.core.message.TokenLogprobs;
import java.util.ArrayList;
import java.util.List;

/**
 * Log-probabilities of the model's own distribution, before bias, penalties and temperature.
 *
 * @param top the likeliest tokens, likeliest first
 * @param logSum logarithm of the sum of the exponentials of all logits
 */
record Logprobs(List<Integer> top, List<Float> topLogprobs, double logSum) {

  /**
   * Reads a row of logits, before a sampler changes it.
   *
   * @param top how many of the likeliest tokens are wanted
   * @param candidates scratch of the calling thread
   */
  static Logprobs of(float[] logits, int offset, int size, int top, Candidates candidates) {
    float[] weights = candidates.weigh(logits, offset, size, 1);
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += weights[i];
    }
    double logSum = logits[offset + Sampler.argmax(logits, offset, size)] + Math.log(sum);
    List<Integer> tokens = likeliest(logits, offset, size, Math.min(top, size));
    return new Logprobs(
        tokens, tokens.stream().map(t -> (float) (logits[offset + t] - logSum)).toList(), logSum);
  }

  /**
   * For the token that was chosen.
   *
   * @param logits the row as it was read
   */
  TokenLogprobs chosen(float[] logits, int offset, int size, int token) {
    float logit = logits[offset + token];
    int rank = 1;
    for (int i = 0; i < size; i++) {
      rank += logits[offset + i] > logit ? 1 : 0;
    }
    return new TokenLogprobs((float) (logit - logSum), rank, top, topLogprobs);
  }

  /** Insertion into a short sorted list: few of the vocabulary's tokens ever get in. */
  private static List<Integer> likeliest(float[] logits, int offset, int size, int count) {
    List<Integer> best = new ArrayList<>(count + 1);
    for (int token = 0; token < size && count > 0; token++) {
      float logit = logits[offset + token];
      if (best.size() == count && logit <= logits[offset + best.get(count - 1)]) {
        continue;
      }
      int place = best.size();
      while (place > 0 && logit > logits[offset + best.get(place - 1)]) {
        place--;
      }
      best.add(place, token);
      if (best.size() > count) {
        best.remove(count);
      }
    }
    return best;
  }
}
