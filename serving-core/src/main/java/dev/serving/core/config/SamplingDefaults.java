package dev.serving.core.config;

import dev.serving.core.message.SamplingParams;
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
    SamplingRange.TEMPERATURE.require(temperature);
    SamplingRange.TOP_P.require(topP);
    SamplingRange.MIN_P.require(minP);
    SamplingRange.REPETITION_PENALTY.require(repetitionPenalty);
    SamplingParams.requireTopK(topK);
  }
}
