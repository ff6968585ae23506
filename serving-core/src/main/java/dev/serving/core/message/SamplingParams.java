package dev.serving.core.message;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How tokens are chosen, and when a sequence ends. Checked in the constructor with messages that
 * name the parameter as OpenAI's API and vLLM do, so that they can be shown to a client.
 *
 * @param maxTokens most tokens to generate; 0 only reads the prompt
 * @param minTokens tokens to generate before a stop token counts
 * @param temperature 0 is greedy
 * @param topP smallest set of tokens whose probability is at least this, in [0, 1]
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
 * @param promptLogprobs log-probabilities of the prompt's own tokens to report: as {@code
 *     topLogprobs}
 * @param constraints which tokens there may be
 */
@RecordBuilder
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
    boolean ignoreEos,
    int promptLogprobs,
    Constraints constraints)
    implements SamplingParamsBuilder.With {

  /** Most entries of {@code topLogprobs}. */
  public static final int MAX_TOP_LOGPROBS = 20;

  /** Refuses values outside their range, naming the parameter, the range and the value. */
  public SamplingParams {
    require(maxTokens >= 0, "max_tokens", "at least 0", maxTokens);
    require(minTokens >= 0 && minTokens <= maxTokens, "min_tokens", "0 to max_tokens", minTokens);
    SamplingRange.TEMPERATURE.require(temperature);
    SamplingRange.TOP_P.require(topP);
    requireTopK(topK);
    SamplingRange.MIN_P.require(minP);
    SamplingRange.REPETITION_PENALTY.require(repetitionPenalty);
    SamplingRange.PRESENCE_PENALTY.require(presencePenalty);
    SamplingRange.FREQUENCY_PENALTY.require(frequencyPenalty);
    requireTop("top_logprobs", topLogprobs);
    requireTop("prompt_logprobs", promptLogprobs);
    logitBias.values().forEach(SamplingRange.LOGIT_BIAS::require);
    Objects.requireNonNull(constraints, "constraints");
    logitBias = Map.copyOf(logitBias);
    stopTokens = Set.copyOf(stopTokens);
  }

  /** Greedy choice of at most {@code maxTokens} tokens, with nothing else set. */
  public static SamplingParams greedy(int maxTokens) {
    return new SamplingParams(
        maxTokens,
        0,
        0,
        1,
        0,
        0,
        1,
        0,
        0,
        Map.of(),
        null,
        -1,
        Set.of(),
        false,
        -1,
        Constraints.NONE);
  }

  /** Whether log-probabilities of the prompt's tokens are to be reported. */
  public boolean scoresPrompt() {
    return promptLogprobs >= 0;
  }

  /**
   * Refuses a number of candidates that is none.
   *
   * @throws IllegalArgumentException that begins with the parameter's name
   */
  public static void requireTopK(int topK) {
    require(topK >= 0, "top_k", "0 (all) or more", topK);
  }

  private static void requireTop(String name, int top) {
    require(top >= -1 && top <= MAX_TOP_LOGPROBS, name, "0 to " + MAX_TOP_LOGPROBS, top);
  }

  private static void require(boolean holds, String name, String range, Number value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + range + ", was " + value);
    }
  }
}
