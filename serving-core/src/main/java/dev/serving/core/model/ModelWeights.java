package dev.serving.core.model;

import dev.serving.core.model.kernel.PackedMatrix;
import java.util.List;

/**
 * One rank's share of a model.
 *
 * @param embedding a row for each token of this rank's part of the vocabulary
 * @param finalNorm of the last layer's output
 * @param head makes logits; the embedding itself where the model ties them
 */
record ModelWeights(
    PackedMatrix embedding, List<LayerWeights> layers, float[] finalNorm, PackedMatrix head) {
  long bytes() {
    long bytes = layers.stream().mapToLong(LayerWeights::bytes).sum();
    return bytes + embedding.bytes() + (head == embedding ? 0 : head.bytes());
  }
}
