package dev.serving.core.model;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a checkpoint recommends for generation: {@code generation_config.json}, else {@code
 * config.json}.
 *
 * @param stopTokens tokens that end a sequence; several for most chat models, none for some
 * @param temperature recommended temperature; 0 where sampling is switched off
 * @param topP recommended nucleus
 * @param topK recommended number of candidates; 0 and -1 are all
 * @param minP recommended least share of the likeliest token's probability
 * @param repetitionPenalty recommended penalty
 */
public record GenerationConfig(
    Set<Integer> stopTokens,
    OptionalDouble temperature,
    OptionalDouble topP,
    OptionalInt topK,
    OptionalDouble minP,
    OptionalDouble repetitionPenalty) {
  /** Copies the tokens. */
  public GenerationConfig {
    stopTokens = Set.copyOf(stopTokens);
  }
}
