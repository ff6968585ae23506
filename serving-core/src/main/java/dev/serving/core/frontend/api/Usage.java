package dev.serving.core.frontend.api;

/**
 * Tokens that a request took.
 *
 * @param promptTokens of all prompts, each counted once
 * @param completionTokens generated, over all choices
 * @param totalTokens their sum
 * @param promptTokensDetails how many of the prompt's came from the prefix cache
 */
public record Usage(
    int promptTokens, int completionTokens, int totalTokens, Cached promptTokensDetails) {

  /** Sums up. */
  public static Usage of(int promptTokens, int completionTokens, int cachedTokens) {
    return new Usage(
        promptTokens, completionTokens, promptTokens + completionTokens, new Cached(cachedTokens));
  }

  /**
   * Details of the prompt.
   *
   * @param cachedTokens prompt tokens that came from the prefix cache
   */
  public record Cached(int cachedTokens) {}
}
