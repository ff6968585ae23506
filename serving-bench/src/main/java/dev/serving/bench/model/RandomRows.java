package dev.serving.bench.model;

import dev.serving.core.model.kernel.RowSource;
import java.util.SplittableRandom;

/** Rows of random weights, each time others. */
final class RandomRows implements RowSource {
  private final SplittableRandom random = new SplittableRandom(1);
  private final int columns;

  RandomRows(int columns) {
    this.columns = columns;
  }

  @Override
  public void floats(int firstRow, int count, float[] into) {
    for (int i = 0; i < count * columns; i++) {
      into[i] = weight();
    }
  }

  @Override
  public void bf16Pairs(int firstRow, int count, int[] into) {
    for (int i = 0; i < count * columns / 2; i++) {
      into[i] = RowSource.bf16Pair(weight(), weight());
    }
  }

  private float weight() {
    return (float) random.nextDouble() - 0.5f;
  }
}
