package dev.serving.core.model.kernel;

import java.util.Arrays;

/**
 * Where a kernel reads its rows of x, the sums that it adds to, and where it writes its rows of y.
 * One object per thread, changed in place between calls, since a forward pass makes tens of
 * thousands of them.
 */
public final class Tile {
  /** More than any panel is wide. */
  private static final float[] ZEROS = new float[256];

  float[] x;
  int xAt;
  int xStride;
  float[] y;
  int yAt;
  int yStride;
  float[] sums;
  int sumsAt;
  int sumsStride;

  /** Sums of all rows side by side, where a kernel adds to them many times. */
  private float[] gathered = {};

  /**
   * Points at rows of x and y that lie {@code xStride} and {@code yStride} floats apart; those of x
   * are 1 apart where they are packed. What y holds is added to.
   */
  public Tile set(float[] x, int xAt, int xStride, float[] y, int yAt, int yStride) {
    this.x = x;
    this.xAt = xAt;
    this.xStride = xStride;
    this.y = y;
    this.yAt = yAt;
    this.yStride = yStride;
    sums = y;
    sumsAt = yAt;
    sumsStride = yStride;
    return this;
  }

  /**
   * Has sums begin at zero, rather than with what y holds: clearing y before, and reading it, cost
   * a prompt a twentieth where its rows lie far apart.
   */
  void fromZero() {
    sums = ZEROS;
    sumsAt = 0;
    sumsStride = 0;
  }

  /** The sums of some rows side by side, each so wide. */
  float[] gather(int rows, int width) {
    if (gathered.length < rows * width) {
      gathered = new float[rows * width];
    }
    if (sums == ZEROS) {
      Arrays.fill(gathered, 0, rows * width, 0);
    } else {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(sums, sumsAt + r * sumsStride, gathered, r * width, width);
      }
    }
    return gathered;
  }

  /** Moves on by a number of rows. */
  void skip(int rows) {
    xAt += rows * xStride;
    yAt += rows * yStride;
  }
}
