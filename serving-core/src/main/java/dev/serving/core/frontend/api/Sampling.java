package dev.serving.core.frontend.api;

import dev.serving.core.config.SamplingDefaults;
import dev.serving.core.message.Constraints;
import dev.serving.core.message.SamplingParams;
import java.util.Map;
import java.util.Set;

/**
 * How a client wants tokens chosen; null means that it did not say.
 *
 * @param maxTokens most tokens to generate; null is as many as fit
 * @param minTokens tokens before a stop token counts
 * @param temperature 0 to 2
 * @param topP 0 to 1
 * @param topK 0 is all
 * @param minP 0 to 1
 * @param repetitionPenalty above 0
 * @param presencePenalty -2 to 2
 * @param frequencyPenalty -2 to 2
 * @param logitBias token ids and what is added to their logits
 * @param seed of the first choice; each further choice adds one
 * @param topLogprobs -1 none, else the number of alternatives
 * @param stopTokens token ids that end the text
 * @param ignoreEos whether to go on at the model's end tokens
 * @param promptLogprobs the number of alternatives of each prompt token, or -1
 * @param constraints what the text may be
 */
public record Sampling(
    Integer maxTokens,
    Integer minTokens,
    Float temperature,
    Float topP,
    Integer topK,
    Float minP,
    Float repetitionPenalty,
    Float presencePenalty,
    Float frequencyPenalty,
    Map<Integer, Float> logitBias,
    Long seed,
    int topLogprobs,
    Set<Integer> stopTokens,
    boolean ignoreEos,
    int promptLogprobs,
    TextConstraints constraints) {
  private static final int LARGE = 1 << 30;

  /** Copies the collections. */
  public Sampling {
    logitBias = Map.copyOf(logitBias);
    stopTokens = Set.copyOf(stopTokens);
  }

  /**
   * The parameters of one choice.
   *
   * @param defaults what counts where the client did not say
   * @param fits most tokens that fit
   * @param choice the choice's index, from 0
   * @param tokens the constraints in tokens
   * @throws ApiException (400) when the values contradict one another
   */
  public SamplingParams params(
      SamplingDefaults defaults, int fits, int choice, Constraints tokens) {
    int most = maxTokens == null ? fits : Math.min(maxTokens, fits);
    try {
      return new SamplingParams(
          most,
          Math.min(or(minTokens, 0), most),
          or(temperature, defaults.temperature()),
          or(topP, defaults.topP()),
          or(topK, defaults.topK()),
          or(minP, defaults.minP()),
          or(repetitionPenalty, defaults.repetitionPenalty()),
          or(presencePenalty, 0f),
          or(frequencyPenalty, 0f),
          logitBias,
          seed == null ? null : Long.valueOf(seed + choice),
          topLogprobs,
          stopTokens,
          ignoreEos,
          promptLogprobs,
          tokens);
    } catch (IllegalArgumentException e) {
      throw new ApiException(ApiError.invalid(firstWord(e.getMessage()), e.getMessage()));
    }
  }

  /** Refuses values that no prompt could make right. */
  Sampling checked() {
    if (minTokens != null && minTokens > or(maxTokens, LARGE)) {
      throw new ApiException(
          ApiError.invalid("min_tokens", "'min_tokens' must not be above 'max_tokens'."));
    }
    requireAlone();
    params(SamplingDefaults.NEUTRAL, LARGE, 0, Constraints.NONE);
    return this;
  }

  /** An end comes after a choice, and after it alone: nothing else may have a say in it. */
  private void requireAlone() {
    if (!constraints.choices().isEmpty()) {
      refuseIf(!constraints.badWords().isEmpty(), "bad_words");
      refuseIf(!constraints.allowedTokens().isEmpty(), "allowed_token_ids");
      refuseIf(or(minTokens, 0) > 0, "min_tokens");
      refuseIf(ignoreEos, "ignore_eos");
    }
  }

  private static void refuseIf(boolean given, String param) {
    if (given) {
      throw new ApiException(
          ApiError.invalid(param, "'" + param + "' cannot be joined to a choice of texts."));
    }
  }

  private static <T> T or(T value, T absent) {
    return value == null ? absent : value;
  }

  private static String firstWord(String text) {
    return text.substring(0, Math.max(0, text.indexOf(' ')));
  }
}
