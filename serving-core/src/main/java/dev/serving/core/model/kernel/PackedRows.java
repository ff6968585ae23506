package dev.serving.core.model.kernel;

/**
 * The rows that a matrix is multiplied with, in the order in which kernels read them: tile by tile,
 * of 8, 4, 2 or 1 rows, and in each tile column by column. What a tile needs of x then lies in one
 * piece, one stream beside that of the weights; from rows that lie apart it would be a stream for
 * each, and the processor, which reads ahead along a few only, would not along the weights.
 *
 * <p>Kept from product to product and only grown. One thread at a time may pack.
 */
public final class PackedRows {
  /** So few floats are packed before another thread has even heard of them. */
  private static final int TOO_FEW_TO_SHARE = 1 << 13;

  /** Columns of a tile that a thread packs at a time. */
  private static final int PART = 512;

  private float[] buffer = {};
  private float[] values = buffer;
  private int count;
  private int columns;
  private int tileRows;

  /** Empty, until a matrix packs what it is multiplied with. */
  public PackedRows() {}

  /** Packs {@code x[count][columns]} for tiles of at most {@code tileRows}, a power of two. */
  void pack(float[] x, int count, int columns, int tileRows, ThreadTeam team) {
    this.count = count;
    this.columns = columns;
    this.tileRows = tileRows;
    if (count == 1) {
      values = x;
      return;
    }
    if (buffer.length < count * columns) {
      buffer = new float[count * columns];
    }
    values = buffer;
    int parts = (columns + PART - 1) / PART;
    int all = (count + tileRows - 1) / tileRows * parts;
    int grain = count * columns < TOO_FEW_TO_SHARE ? all : 1;
    team.forRange(all, grain, (member, from, to) -> packParts(x, parts, from, to));
  }

  /** How many rows there are. */
  int count() {
    return count;
  }

  /** How many rows the tile has that begins with this one. */
  int tileRows(int row) {
    return Kernels.tileRows(tileRows, count - row);
  }

  /** Where a column begins of the tile that begins with a row. */
  int at(int row, int column) {
    return row * columns + column * tileRows(row);
  }

  float[] values() {
    return values;
  }

  private void packParts(float[] x, int parts, int from, int to) {
    for (int i = from; i < to; i++) {
      int first = i / parts * tileRows;
      int k0 = i % parts * PART;
      packRows(x, first, Math.min(count, first + tileRows), k0, Math.min(columns, k0 + PART));
    }
  }

  private void packRows(float[] x, int from, int to, int k0, int k1) {
    for (int row = from, n; row < to; row += n) {
      n = tileRows(row);
      if (n == 8) {
        packEight(x, row * columns, columns, k0, k1, values);
      } else {
        packTile(x, row * columns, n, k0, k1);
      }
    }
  }

  /** The most common one, in one pass. */
  private static void packEight(float[] x, int at, int columns, int k0, int k1, float[] into) {
    for (int k = k0; k < k1; k++) {
      int from = at + k;
      int to = at + k * 8;
      into[to] = x[from];
      into[to + 1] = x[from + columns];
      into[to + 2] = x[from + 2 * columns];
      into[to + 3] = x[from + 3 * columns];
      into[to + 4] = x[from + 4 * columns];
      into[to + 5] = x[from + 5 * columns];
      into[to + 6] = x[from + 6 * columns];
      into[to + 7] = x[from + 7 * columns];
    }
  }

  private void packTile(float[] x, int at, int n, int k0, int k1) {
    for (int r = 0; r < n; r++) {
      for (int k = k0, to = at + k0 * n + r; k < k1; k++, to += n) {
        values[to] = x[at + r * columns + k];
      }
    }
  }
}
