package dev.serving.core.model.kernel;

import java.util.Objects;

/**
 * A matrix of weights, packed into panels of {@link Kernels#panelWidth} rows; the last panel is
 * filled up with zeros. Immutable after packing; any thread.
 */
public abstract sealed class PackedMatrix permits Bf16Matrix, F32Matrix, Int8Matrix {
  /**
   * Rows of x that share a pass over the panels, in whole tiles. Many, since every pass reads all
   * weights from memory, while x comes from a cache.
   */
  private static final int ROW_BLOCK = 256;

  /** Multiplications that are done before another thread has even heard of them. */
  private static final long TOO_SMALL_TO_SHARE = 1 << 18;

  /** About as many parts of a matrix does each thread take. */
  private static final int PARTS = 8;

  /**
   * Bytes of the arrays that hold the panels. A JVM clears an array in one go, and a collection for
   * any thread waits for that: for half a second where the host gives the memory of a large
   * vocabulary for the first time.
   */
  private static final int ARRAY_BYTES = 2 << 20;

  final Kernels kernels;
  final int rows;
  final int columns;
  final int width;
  private final int panelsPerArray;

  PackedMatrix(Kernels kernels, int rows, int columns, int bytesPerWeight) {
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
    this.panelsPerArray = Math.max(1, ARRAY_BYTES / bytesPerWeight / width / columns);
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
   * @param packed where x is packed meanwhile
   * @throws IndexOutOfBoundsException if one is too short
   */
  public final void multiply(float[] x, int batch, float[] y, PackedRows packed, ThreadTeam team) {
    Objects.checkFromIndexSize(0, Math.multiplyExact(batch, columns), x.length);
    Objects.checkFromIndexSize(0, Math.multiplyExact(batch, rows), y.length);
    packed.pack(x, batch, columns, kernels.tileRows(), team);
    int panels = panels();
    boolean share = (long) batch * rows * columns >= TOO_SMALL_TO_SHARE;
    int grain = share ? grain(panels, team.size()) : panels;
    team.forRange(panels, grain, (member, from, to) -> part(packed, y, from, to));
  }

  /** Panels that a thread takes at a time: so few that no thread waits long for the last one. */
  private static int grain(int panels, int threads) {
    return Math.max(1, panels / (PARTS * threads));
  }

  /** Adds the product of some packed rows with columns {@code k0 .. k0 + kn} of one panel. */
  abstract void tile(int rows, int panel, int k0, int kn, Tile t);

  /** Whether for so many rows columns are better unpacked once than by each {@link #tile}. */
  abstract boolean unpacks(int batch);

  /** Columns {@code k0 .. k0 + kn} of one panel as f32, for {@link #tileUnpacked}. */
  abstract void unpack(int panel, int k0, int kn, float[] into);

  /** As {@link #tile}, with columns that were unpacked before. */
  void tileUnpacked(int rows, int panel, int k0, int kn, float[] unpacked, Tile t) {
    kernels.tileF32(rows, unpacked, 0, kn, t);
  }

  final int panels() {
    return (rows + width - 1) / width;
  }

  /** The arrays that hold the panels. */
  final int arrays() {
    return array(panels() - 1) + 1;
  }

  /** Which array holds a panel. */
  final int array(int panel) {
    return panel / panelsPerArray;
  }

  /** How many panels lie before it there. */
  final int place(int panel) {
    return panel % panelsPerArray;
  }

  /** The length of an array, of so many elements for each panel. */
  final int length(int array, int perPanel) {
    return Math.min(panelsPerArray, panels() - array * panelsPerArray) * perPanel;
  }

  private void part(PackedRows x, float[] y, int from, int to) {
    int full = Math.min(to, rows / width);
    if (from < full) {
      block(x, y, from, full);
    }
    if (full < to) {
      lastPanel(x, y);
    }
  }

  private void block(PackedRows x, float[] y, int from, int to) {
    PanelProduct product = new PanelProduct(this, x);
    for (int b = 0; b < x.count(); b += ROW_BLOCK) {
      int end = Math.min(x.count(), b + ROW_BLOCK);
      for (int panel = from; panel < to; panel++) {
        product.run(panel, b, end, y, panel * width, rows);
      }
    }
  }

  /** The panel that sticks out: multiplied aside, and only its real rows copied. */
  private void lastPanel(PackedRows x, float[] y) {
    int panel = rows / width;
    int real = rows - panel * width;
    float[] aside = new float[x.count() * width];
    new PanelProduct(this, x).run(panel, 0, x.count(), aside, 0, width);
    for (int b = 0; b < x.count(); b++) {
      System.arraycopy(aside, b * width, y, b * rows + panel * width, real);
    }
  }
}
