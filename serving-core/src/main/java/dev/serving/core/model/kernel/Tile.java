package dev.serving.core.model.kernel;

/**
 * Where a kernel reads its rows of x and adds its rows of y. One object per thread, changed in
 * place between calls, since a forward pass makes tens of thousands of them.
 */
public final class Tile {
  float[] x;
  int xAt;
  int xStride;
  float[] y;
  int yAt;
  int yStride;

  /**
   * Points at rows of x and y that lie {@code xStride} and {@code yStride} floats apart; those of x
   * are 1 apart where they are packed.
   */
  public Tile set(float[] x, int xAt, int xStride, float[] y, int yAt, int yStride) {
    this.x = x;
    this.xAt = xAt;
    this.xStride = xStride;
    this.y = y;
    this.yAt = yAt;
    this.yStride = yStride;
    return this;
  }

  /** Moves on by a number of rows. */
  void skip(int rows) {
    xAt += rows * xStride;
    yAt += rows * yStride;
  }
}
