package dev.serving.core.model.kernel;

/** One thread's products of packed rows with the panels of a matrix. */
final class PanelProduct {
  /** Columns of a panel that are multiplied at a time: 64 KB of bf16, which an L2 cache holds. */
  private static final int COLUMN_BLOCK = 1024;

  private final PackedMatrix matrix;
  private final PackedRows x;
  private final Tile tile = new Tile();

  /** A block of columns as f32; null where tiles read the weights as they are. */
  private final float[] unpacked;

  PanelProduct(PackedMatrix matrix, PackedRows x) {
    this.matrix = matrix;
    this.x = x;
    unpacked =
        matrix.unpacks(x.count())
            ? new float[Math.min(COLUMN_BLOCK, matrix.columns) * matrix.width]
            : null;
  }

  /** Writes the rows {@code from} to {@code to} times a panel to rows of y, {@code ys} apart. */
  void run(int panel, int from, int to, float[] y, int yAt, int ys) {
    for (int k0 = 0; k0 < matrix.columns; k0 += COLUMN_BLOCK) {
      int kn = Math.min(COLUMN_BLOCK, matrix.columns - k0);
      if (unpacked != null) {
        matrix.unpack(panel, k0, kn, unpacked);
      }
      for (int row = from, n; row < to; row += n) {
        n = x.tileRows(row);
        tile.set(x.values(), x.at(row, k0), 1, y, yAt + row * ys, ys);
        if (k0 == 0) {
          tile.fromZero();
        }
        multiply(n, panel, k0, kn);
      }
    }
  }

  private void multiply(int rows, int panel, int k0, int kn) {
    if (unpacked != null) {
      matrix.tileUnpacked(rows, panel, k0, kn, unpacked, tile);
    } else {
      matrix.tile(rows, panel, k0, kn, tile);
    }
  }
}
