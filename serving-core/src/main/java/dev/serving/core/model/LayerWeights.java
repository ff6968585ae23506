package dev.serving.core.model;

import dev.serving.core.model.kernel.PackedMatrix;

/**
 * One layer's weights on one rank. Biases and head norms are null where the model has none.
 *
 * @param qkv query, key and value rows of this rank's heads, in that order
 * @param output attention's output, for this rank's columns
 * @param gateUp gate rows, then up rows, of this rank's part of the feed-forward
 * @param down its output, for this rank's columns
 */
record LayerWeights(
    float[] inputNorm,
    PackedMatrix qkv,
    float[] qkvBias,
    float[] queryNorm,
    float[] keyNorm,
    PackedMatrix output,
    float[] outputBias,
    float[] mlpNorm,
    PackedMatrix gateUp,
    float[] gateUpBias,
    PackedMatrix down,
    float[] downBias) {
  long bytes() {
    return qkv.bytes() + output.bytes() + gateUp.bytes() + down.bytes();
  }
}
