package dev.serving.core.config;

/**
 * How many requests and tokens an engine takes on at a time.
 *
 * @param maxBatchedTokens most rows in one step ({@code --max-num-batched-tokens}); prompts that
 *     are longer are prefilled in chunks
 * @param maxSequences most sequences that run at a time ({@code --max-num-seqs})
 * @param maxWaiting most sequences that wait; beyond it requests are refused as busy ({@code
 *     --max-waiting})
 * @param maxModelLength most tokens, prompt and output, of one sequence ({@code --max-model-len});
 *     0 is as many as the model allows
 */
public record SchedulerConfig(
    int maxBatchedTokens, int maxSequences, int maxWaiting, int maxModelLength) {
  /** What suits a few cores: 512 rows a step, 32 sequences, 1024 waiting, the model's length. */
  public static final SchedulerConfig DEFAULT = new SchedulerConfig(512, 32, 1024, 0);

  /** Refuses limits under which nothing could run, naming the option. */
  public SchedulerConfig {
    if (maxSequences < 1) {
      throw new IllegalArgumentException("--max-num-seqs must be at least 1, was " + maxSequences);
    }
    if (maxBatchedTokens < maxSequences) {
      throw new IllegalArgumentException(
          "--max-num-batched-tokens must be at least --max-num-seqs, so that every sequence can decode"
              + " in every step; was "
              + maxBatchedTokens
              + " with max-num-seqs "
              + maxSequences);
    }
    if (maxWaiting < 0) {
      throw new IllegalArgumentException("--max-waiting must not be negative, was " + maxWaiting);
    }
    if (maxModelLength < 0 || maxModelLength == 1) {
      throw new IllegalArgumentException(
          "--max-model-len must be at least 2, or 0 for the model's own; was " + maxModelLength);
    }
  }
}
