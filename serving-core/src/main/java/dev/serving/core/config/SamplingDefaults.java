package dev.serving.core.config;

import dev.serving.core.message.SamplingRange;

/**
 * What a request gets that does not say how to sample; a model's {@code generation_config.json} may
 * say better values than the neutral ones.
 *
 * @param temperature 0 is greedy
 * @param topP nucleus, in [0, 1]
 * @param topK only the k likeliest; 0 is all
 * @param minP share of the likeliest token's probability, in [0, 1]
 * @param repetitionPenalty 1 is none
 */
public record SamplingDefaults(
    float temperature, float topP, int topK, float minP, float repetitionPenalty) {
  /** OpenAI's defaults: temperature 1, nothing else. */
  public static final SamplingDefaults NEUTRAL = new SamplingDefaults(1, 1, 0, 0, 1);

  /** Refuses values outside their range. */
  public SamplingDefaults {
    require(SamplingRange.TEMPERATURE, temperature);
    require(SamplingRange.TOP_P, topP);
    require(SamplingRange.MIN_P, minP);
    require(SamplingRange.REPETITION_PENALTY, repetitionPenalty);
    if (topK < 0) {
      throw new IllegalArgumentException("top_k must be 0 or more, was " + topK);
    }
  }

  private static void require(SamplingRange range, float was) {
    if (!range.holds(was)) {
      throw new IllegalArgumentException(
          range.parameter() + " must be " + range.words() + ", was " + was);
    }
  }
}
