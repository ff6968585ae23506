package dev.serving.core.model;

import java.util.List;

/**
 * The shape of a decoder, as {@code config.json} gives it.
 *
 * @param architecture which family it belongs to
 * @param hiddenSize width of a row between layers
 * @param layers number of layers
 * @param heads query heads of a layer
 * @param kvHeads key and value heads; divides {@code heads}
 * @param headDim width of a head; even
 * @param intermediateSize width of the feed-forward
 * @param vocabSize number of token ids
 * @param maxPositions longest sequence it is made for
 * @param normEpsilon added to the mean square in every norm
 * @param rope positions
 * @param tied whether the output matrix is the embedding table
 * @param qkvBias whether query, key and value have a bias
 * @param outputBias whether attention's output has one
 * @param mlpBias whether the feed-forward has them
 * @param qkNorm whether queries and keys are normed head by head
 * @param windows for each layer how many positions back a row sees, itself included; 0 for all
 */
public record ModelConfig(
    Architecture architecture,
    int hiddenSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int intermediateSize,
    int vocabSize,
    int maxPositions,
    float normEpsilon,
    RopeConfig rope,
    boolean tied,
    boolean qkvBias,
    boolean outputBias,
    boolean mlpBias,
    boolean qkNorm,
    List<Integer> windows) {
  /** The families that are supported. */
  public enum Architecture {
    /** Llama 1 to 3.x and what has its shape. */
    LLAMA,
    /** Mistral, with a sliding window. */
    MISTRAL,
    /** Qwen2 and 2.5, with biases. */
    QWEN2,
    /** Qwen3, with norms of queries and keys. */
    QWEN3
  }

  /** Checks the numbers against each other. */
  public ModelConfig {
    windows = List.copyOf(windows);
    even("hidden_size", hiddenSize);
    even("head_dim", headDim);
    even("intermediate_size", intermediateSize);
    require(layers > 0 && vocabSize > 0 && maxPositions > 0, "a size is not positive");
    require(
        heads > 0 && kvHeads > 0 && heads % kvHeads == 0,
        "num_attention_heads " + heads + " is no multiple of num_key_value_heads " + kvHeads);
    require(windows.size() == layers, "windows for " + windows.size() + " of " + layers);
    require(normEpsilon >= 0 && Float.isFinite(normEpsilon), "rms_norm_eps is " + normEpsilon);
  }

  private static void even(String what, int n) {
    require(n > 0 && n % 2 == 0, what + " must be positive and even, not " + n);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
