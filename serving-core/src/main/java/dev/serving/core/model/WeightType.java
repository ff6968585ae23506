package dev.serving.core.model;

/** How weights are held in memory. */
public enum WeightType {
  /** Two bytes; what most checkpoints are stored in. */
  BF16,
  /** Four bytes. */
  F32,
  /** One byte and a scale for each 32 weights; rounds the checkpoint's weights. */
  INT8
}
