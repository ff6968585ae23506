package dev.serving.core.model.kernel;

import java.util.Arrays;
import java.util.Objects;

/**
 * A matrix of weights, packed into panels of {@link Kernels#panelWidth} rows; the last panel is
 * filled up with zeros. Immutable after packing; any thread.
 */
public abstract sealed class PackedMatrix permits Bf16Matrix, F32Matrix, Int8Matrix {
  /** Columns of a panel that are multiplied at a time: 64 KB of bf16, which an L2 cache holds. */
  private static final int COLUMN_BLOCK = 1024;

  /**
   * Rows of x that share a pass over the panels. Many, since every pass reads all weights from
   * memory, while x comes from a cache.
   */
  private static final int ROW_BLOCK = 256;

  /** Multiplications that are done before another thread has even heard of them. */
  private static final long TOO_SMALL_TO_SHARE = 1 << 18;

  /** About as many parts of a matrix does each thread take. */
  private static final int PARTS = 8;

  private static final float[] NO_SCRATCH = {};

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

  /** Bytes of memory that the weights take. */
  public abstract long bytes();

  /** Writes row {@code row} as floats to {@code into}, as an embedding table is read. */
  public abstract void row(int row, float[] into, int at);

  /**
   * {@code y = x · Wᵀ} for {@code batch} rows.
   *
   * @param x {@code [batch][columns]}
   * @param y {@code [batch][rows]}, overwritten
   * @throws IndexOutOfBoundsException if one is too short
   */
  public final void multiply(float[] x, int batch, float[] y, ThreadTeam team) {
    Objects.checkFromIndexSize(0, Math.multiplyExact(batch, columns), x.length);
    Objects.checkFromIndexSize(0, Math.multiplyExact(batch, rows), y.length);
    int panels = panels();
    boolean share = (long) batch * rows * columns >= TOO_SMALL_TO_SHARE;
    int grain = share ? grain(panels, team.size()) : panels;
    team.forRange(panels, grain, (member, from, to) -> part(x, batch, y, from, to));
  }

  /**
   * Panels that a thread takes at a time, whole calls of {@link #gemv}: so few that no thread waits
   * long for the last one.
   */
  private static int grain(int panels, int threads) {
    int calls = panels / (PARTS * threads * Kernels.GEMV_PANELS);
    return Math.max(1, calls) * Kernels.GEMV_PANELS;
  }

  /** {@code y = W x} for {@link Kernels#GEMV_PANELS} full panels from {@code panel} on. */
  abstract void gemv(int panel, float[] x, float[] y, int yAt);

  /** Adds to y the product of x with columns {@code k0 .. k0 + kn} of one panel. */
  abstract void tiles(int panel, int k0, int kn, int batch, Tile t, float[] scratch);

  /** Brings the weights of {@link #tiles} into a cache. */
  abstract int touch(int panel, int k0, int kn);

  /** Whether {@link #tiles} needs scratch for a block of columns. */
  abstract boolean unpacks(int batch);

  /** The rows of the next tile when some are left. */
  static int tileRows(int left) {
    return Math.min(Kernels.TILE_ROWS, Integer.highestOneBit(left));
  }

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
      for (; panel + Kernels.GEMV_PANELS <= full; panel += Kernels.GEMV_PANELS) {
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
    float[] scratch = scratch(batch);
    for (int b = 0; b < batch; b += ROW_BLOCK) {
      int n = Math.min(ROW_BLOCK, batch - b);
      for (int panel = from; panel < to; panel++) {
        panel(panel, n, t, scratch, x, b * columns, y, b * rows + panel * width, rows);
      }
    }
  }

  private float[] scratch(int batch) {
    return unpacks(batch) ? new float[Math.min(COLUMN_BLOCK, columns) * width] : NO_SCRATCH;
  }

  /** The panel that sticks out: multiplied aside, and only its real rows copied. */
  private void lastPanel(float[] x, int batch, float[] y) {
    int panel = rows / width;
    int real = rows - panel * width;
    float[] aside = new float[batch * width];
    panel(panel, batch, new Tile(), scratch(batch), x, 0, aside, 0, width);
    for (int b = 0; b < batch; b++) {
      System.arraycopy(aside, b * width, y, b * rows + panel * width, real);
    }
  }

  private void panel(
      int panel, int n, Tile t, float[] scratch, float[] x, int xAt, float[] y, int yAt, int ys) {
    for (int k0 = 0; k0 < columns; k0 += COLUMN_BLOCK) {
      int kn = Math.min(COLUMN_BLOCK, columns - k0);
      if (Touch.pays(n)) {
        t.touched += touch(panel, k0, kn);
      }
      t.set(x, xAt + k0, columns, y, yAt, ys);
      tiles(panel, k0, kn, n, t, scratch);
    }
  }
}
