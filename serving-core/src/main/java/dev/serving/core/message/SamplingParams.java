package dev.serving.core.message;

import java.util.Map;
import java.util.Set;

/**
 * How tokens are chosen, and when a sequence ends. Checked in the constructor with messages that
 * name the parameter as OpenAI's API and vLLM do, so that they can be shown to a client.
 *
 * @param maxTokens most tokens to generate, at least 1
 * @param minTokens tokens to generate before a stop token counts
 * @param temperature 0 is greedy
 * @param topP smallest set of tokens whose probability is at least this, in (0, 1]
 * @param topK only the k likeliest; 0 is all
 * @param minP drop tokens less likely than this share of the likeliest one, in [0, 1]
 * @param repetitionPenalty above 1 makes tokens of prompt and output less likely; 1 is none
 * @param presencePenalty subtracted once for each token in the output, in [-2, 2]
 * @param frequencyPenalty subtracted for each time a token is in the output, in [-2, 2]
 * @param logitBias added to a token's logit
 * @param seed same seed, same tokens; null draws one
 * @param topLogprobs log-probabilities to report: -1 none, 0 of the chosen token, n of the
 *     likeliest
 * @param stopTokens tokens that end the sequence, beside the model's own
 * @param ignoreEos whether to go on at the model's end-of-sequence tokens
 */
public record SamplingParams(
    int maxTokens,
    int minTokens,
    float temperature,
    float topP,
    int topK,
    float minP,
    float repetitionPenalty,
    float presencePenalty,
    float frequencyPenalty,
    Map<Integer, Float> logitBias,
    Long seed,
    int topLogprobs,
    Set<Integer> stopTokens,
    boolean ignoreEos) {

  /** Most entries of {@code topLogprobs}. */
  public static final int MAX_TOP_LOGPROBS = 20;

  /** Refuses values outside their range, naming the parameter, the range and the value. */
  public SamplingParams {
    require(maxTokens >= 1, "max_tokens", "at least 1", maxTokens);
    require(minTokens >= 0 && minTokens <= maxTokens, "min_tokens", "0 to max_tokens", minTokens);
    require(temperature >= 0 && temperature <= 2, "temperature", "0 to 2", temperature);
    require(topP > 0 && topP <= 1, "top_p", "above 0 and at most 1", topP);
    require(topK >= 0, "top_k", "0 (all) or more", topK);
    require(minP >= 0 && minP <= 1, "min_p", "0 to 1", minP);
    require(
        repetitionPenalty > 0 && repetitionPenalty <= 10,
        "repetition_penalty",
        "above 0 and at most 10",
        repetitionPenalty);
    require(Math.abs(presencePenalty) <= 2, "presence_penalty", "-2 to 2", presencePenalty);
    require(Math.abs(frequencyPenalty) <= 2, "frequency_penalty", "-2 to 2", frequencyPenalty);
    require(
        topLogprobs >= -1 && topLogprobs <= MAX_TOP_LOGPROBS,
        "top_logprobs",
        "0 to " + MAX_TOP_LOGPROBS,
        topLogprobs);
    logitBias = Map.copyOf(logitBias);
    stopTokens = Set.copyOf(stopTokens);
  }

  /** Greedy choice of at most {@code maxTokens} tokens, with nothing else set. */
  public static SamplingParams greedy(int maxTokens) {
    return new SamplingParams(
        maxTokens, 0, 0, 1, 0, 0, 1, 0, 0, Map.of(), null, -1, Set.of(), false);
  }

  private static void require(boolean holds, String name, String range, Number value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + range + ", was " + value);
    }
  }
}
