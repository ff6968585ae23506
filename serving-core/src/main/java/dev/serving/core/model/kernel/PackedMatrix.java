package dev.serving.core.model.kernel;

import java.util.Arrays;

/**
 * A matrix of weights, packed into panels of {@link Kernels#panelWidth} rows; the last panel is
 * filled up with zeros. Immutable after packing; any thread.
 */
public abstract sealed class PackedMatrix permits Bf16Matrix, F32Matrix, Int8Matrix {
  /** Columns of a panel that are multiplied at a time: with 32 rows of bf16, half an L1 cache. */
  static final int COLUMN_BLOCK = 512;

  /**
   * Rows of x that share a pass over the panels: with 900 columns of f32, a part of an L2 cache.
   */
  private static final int ROW_BLOCK = 64;

  final Kernels kernels;
  final int rows;
  final int columns;
  final int width;

  PackedMatrix(Kernels kernels, int rows, int columns) {
    if (rows < 1 || columns < 2 || columns % 2 != 0) {
      throw new IllegalArgumentException(
          "a packed matrix needs rows and an even number of columns, not "
              + rows
              + " x "
              + columns);
    }
    this.kernels = kernels;
    this.rows = rows;
    this.columns = columns;
    this.width = kernels.panelWidth();
  }

  /** Output size. */
  public final int rows() {
    return rows;
  }

  /** Input size. */
  public final int columns() {
    return columns;
  }

  /** Bytes of memory that the weights take. */
  public abstract long bytes();

  /** Writes row {@code row} as floats to {@code into}, as an embedding table is read. */
  public abstract void row(int row, float[] into, int at);

  /**
   * {@code y = x · Wᵀ} for {@code batch} rows.
   *
   * @param x {@code [batch][columns]}
   * @param y {@code [batch][rows]}, overwritten
   */
  public final void multiply(float[] x, int batch, float[] y, ThreadTeam team) {
    int panels = panels();
    int grain = Math.max(4, (panels / (4 * team.size()) + 3) / 4 * 4);
    team.forRange(panels, grain, (member, from, to) -> part(x, batch, y, from, to));
  }

  /** {@code y[0 .. 4 panels) = W x} for four full panels from {@code panel} on. */
  abstract void gemv(int panel, float[] x, float[] y, int yAt);

  /** Adds to y the product of x with columns {@code k0 .. k0 + kn} of one panel. */
  abstract void tiles(int panel, int k0, int kn, int batch, Tile t, float[] scratch);

  /** Floats of scratch that {@link #tiles} needs. */
  abstract int scratch();

  final int panels() {
    return (rows + width - 1) / width;
  }

  /** The size of an array of {@code perPanel} elements for each panel. */
  static int arrayLength(int panels, long perPanel) {
    long n = panels * perPanel;
    if (n > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(
          "a matrix of " + n + " elements is larger than a Java array; use more ranks");
    }
    return (int) n;
  }

  private void part(float[] x, int batch, float[] y, int from, int to) {
    int full = Math.min(to, rows / width);
    int panel = from;
    if (batch == 1) {
      for (; panel + 4 <= full; panel += 4) {
        gemv(panel, x, y, panel * width);
      }
    }
    if (panel < full) {
      block(x, batch, y, panel, full);
    }
    if (full < to) {
      lastPanel(x, batch, y);
    }
  }

  private void block(float[] x, int batch, float[] y, int from, int to) {
    for (int b = 0; b < batch; b++) {
      Arrays.fill(y, b * rows + from * width, b * rows + to * width, 0.0f);
    }
    Tile t = new Tile();
    float[] scratch = new float[scratch()];
    for (int b = 0; b < batch; b += ROW_BLOCK) {
      int n = Math.min(ROW_BLOCK, batch - b);
      for (int panel = from; panel < to; panel++) {
        panel(panel, n, t, scratch, x, b * columns, y, b * rows + panel * width, rows);
      }
    }
  }

  /** The panel that sticks out: multiplied aside, and only its real rows copied. */
  private void lastPanel(float[] x, int batch, float[] y) {
    int panel = rows / width;
    int real = rows - panel * width;
    float[] aside = new float[batch * width];
    panel(panel, batch, new Tile(), new float[scratch()], x, 0, aside, 0, width);
    for (int b = 0; b < batch; b++) {
      System.arraycopy(aside, b * width, y, b * rows + panel * width, real);
    }
  }

  private void panel(
      int panel, int n, Tile t, float[] scratch, float[] x, int xAt, float[] y, int yAt, int ys) {
    for (int k0 = 0; k0 < columns; k0 += COLUMN_BLOCK) {
      t.set(x, xAt + k0, columns, y, yAt, ys);
      tiles(panel, k0, Math.min(COLUMN_BLOCK, columns - k0), n, t, scratch);
    }
  }
}
