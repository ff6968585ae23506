package dev.serving.core.config;

/**
 * What a request gets that does not say how to sample; a model's {@code generation_config.json} may
 * say better values than the neutral ones.
 *
 * @param temperature 0 is greedy
 * @param topP nucleus, in (0, 1]
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
    require(temperature >= 0 && temperature <= 2, "temperature must be 0 to 2", temperature);
    require(topP > 0 && topP <= 1, "top_p must be above 0 and at most 1", topP);
    require(topK >= 0, "top_k must be 0 or more", topK);
    require(minP >= 0 && minP <= 1, "min_p must be 0 to 1", minP);
    require(repetitionPenalty > 0, "repetition_penalty must be above 0", repetitionPenalty);
  }

  private static void require(boolean holds, String rule, Number was) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", was " + was);
    }
  }
}
