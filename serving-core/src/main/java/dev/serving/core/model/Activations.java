package dev.serving.core.model;

import dev.serving.core.model.kernel.PackedRows;
import java.util.Arrays;

/** The buffers between the operations of a forward pass, kept from pass to pass and only grown. */
final class Activations {
  private final ModelConfig config;
  private final int qkvWidth;
  private final int headsWidth;
  private final int feedForward;
  private int capacity;

  final PackedRows packed = new PackedRows();
  float[] hidden = {};
  float[] normed = {};
  float[] qkv = {};
  float[] attended = {};
  float[] delta = {};
  float[] gateUp = {};
  float[] activated = {};
  float[] cos = {};
  float[] sin = {};
  float[] localLogits = {};

  Activations(ModelConfig config, Shard shard) {
    this.config = config;
    headsWidth = shard.heads(config) * config.headDim();
    qkvWidth = headsWidth + 2 * shard.kvHeads(config) * config.headDim();
    feedForward = shard.intermediateSize(config);
  }

  int qkvWidth() {
    return qkvWidth;
  }

  int headsWidth() {
    return headsWidth;
  }

  int feedForward() {
    return feedForward;
  }

  /** Makes room for a number of rows. */
  void ensure(int rows) {
    if (rows <= capacity) {
      return;
    }
    capacity = rows;
    hidden = new float[rows * config.hiddenSize()];
    normed = new float[rows * config.hiddenSize()];
    delta = new float[rows * config.hiddenSize()];
    qkv = new float[rows * qkvWidth];
    attended = new float[rows * headsWidth];
    gateUp = new float[rows * 2 * feedForward];
    activated = new float[rows * feedForward];
    cos = new float[rows * config.headDim() / 2];
    sin = new float[rows * config.headDim() / 2];
  }

  /**
   * Moves some rows, given in rising order, of what goes through the layers, and their queries, to
   * the beginning.
   */
  void keep(int[] rows) {
    for (int i = 0; i < rows.length; i++) {
      int width = config.hiddenSize();
      System.arraycopy(hidden, rows[i] * width, hidden, i * width, width);
      System.arraycopy(qkv, rows[i] * qkvWidth, qkv, i * qkvWidth, qkvWidth);
    }
  }

  /** A buffer for this rank's logits, all zero past what is written. */
  float[] localLogits(int length) {
    if (localLogits.length < length) {
      localLogits = new float[length];
    } else {
      Arrays.fill(localLogits, 0, length, 0);
    }
    return localLogits;
  }
}
