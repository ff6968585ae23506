package dev.serving.core.model;

/**
 * One tensor-parallel rank's share of a model: a range of heads, of the feed-forward's width, and
 * of the vocabulary.
 */
public record Shard(int rank, int size) {
  /** All of the model. */
  public static final Shard WHOLE = new Shard(0, 1);

  /** Checks the numbers against each other. */
  public Shard {
    if (size < 1 || rank < 0 || rank >= size) {
      throw new IllegalArgumentException(
          "a shard needs a rank below its size, not rank " + rank + " of " + size);
    }
  }

  /**
   * Checks that a model divides.
   *
   * @throws IllegalArgumentException with the numbers, if it does not
   */
  public void check(ModelConfig config) {
    divide("num_attention_heads", config.heads());
    divide("num_key_value_heads", config.kvHeads());
    divide("intermediate_size", config.intermediateSize());
    if (intermediateSize(config) % 2 != 0) {
      throw new IllegalArgumentException(
          "tensor-parallel size %d leaves an odd intermediate_size of %d for each rank"
              .formatted(size, intermediateSize(config)));
    }
  }

  int heads(ModelConfig config) {
    return config.heads() / size;
  }

  int kvHeads(ModelConfig config) {
    return config.kvHeads() / size;
  }

  int intermediateSize(ModelConfig config) {
    return config.intermediateSize() / size;
  }

  /** Rows of the vocabulary on each rank; the last one may have fewer real ones. */
  int vocabColumns(ModelConfig config) {
    return (config.vocabSize() + size - 1) / size;
  }

  int firstToken(ModelConfig config) {
    return rank * vocabColumns(config);
  }

  /** The real rows of the vocabulary on this rank. */
  int vocabRows(ModelConfig config) {
    return Math.min(vocabColumns(config), config.vocabSize() - firstToken(config));
  }

  private void divide(String what, int n) {
    if (n % size != 0) {
      throw new IllegalArgumentException(
          "the model's %s of %d does not divide by a tensor-parallel size of %d"
              .formatted(what, n, size));
    }
  }
}
