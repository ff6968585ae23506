package dev.serving.core.worker;

import dev.serving.core.message.SamplingParams;

/**
 * Chooses one sequence's next tokens.
 *
 * <p>The order of treatment is that of the usual servers: bias, penalties, rules (minimum length,
 * constraints), temperature, min-p, top-k, top-p. The draw depends on the seed and on the token's
 * index in the output and on nothing else, so that the same seed gives the same tokens whatever the
 * batch, and also when the sequence was preempted in between. One thread at a time.
 */
final class Sampler {
  private final SamplingParams params;
  private final long seed;
  private final TokenCounts counts;
  private final TokenRules rules;

  /**
   * A sampler for one sequence.
   *
   * @param params how to choose
   * @param stopTokens tokens that end the sequence, so that they must not be chosen before its
   *     minimum length
   * @param seed what to draw from when {@code params} has no seed
   */
  Sampler(SamplingParams params, int[] stopTokens, long seed) {
    this.params = params;
    this.seed = params.seed() == null ? seed : params.seed();
    counts = TokenCounts.of(params);
    rules = new TokenRules(params.constraints(), stopTokens, params.minTokens());
  }

  /** Notes tokens of the prompt, which the repetition penalty counts. */
  void prompt(int token) {
    counts.prompt(token);
  }

  /** Notes a token of the output. */
  void output(int token) {
    counts.output(token);
    rules.output(token);
  }

  /**
   * Chooses a token. The logits are changed in place.
   *
   * @param logits one row of logits from {@code offset} on
   * @param size how many
   * @param index the token's index in the output, from 0
   * @param candidates scratch of the calling thread
   */
  int choose(float[] logits, int offset, int size, int index, Candidates candidates) {
    params.logitBias().forEach((token, bias) -> logits[offset + token] += bias);
    counts.penalise(params, logits, offset);
    rules.apply(logits, offset, size, index);
    return params.temperature() == 0
        ? argmax(logits, offset, size)
        : candidates.draw(params, logits, offset, size, uniform(seed, index));
  }

  /** The likeliest token; the first of equals. */
  static int argmax(float[] logits, int offset, int size) {
    int best = 0;
    for (int i = 1; i < size; i++) {
      if (logits[offset + i] > logits[offset + best]) {
        best = i;
      }
    }
    return best;
  }

  /** A number in [0, 1) that looks random but is a function of its arguments (SplitMix64). */
  static double uniform(long seed, long index) {
    return (mix(mix(seed) + index * 0x9E3779B97F4A7C15L) >>> 11) * 0x1p-53;
  }

  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
