package dev.serving.core.model;

/** How weights are held in memory. */
public enum WeightType {
  /** Two bytes; what most checkpoints are stored in. */
  BF16(2),
  /** Four bytes. */
  F32(4),
  /** One byte and a scale for each 128 weights of a row; rounds the checkpoint's weights. */
  INT8(1);

  private final int bytes;

  WeightType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of a weight, scales apart. */
  int bytes() {
    return bytes;
  }
}
