package dev.serving.core.model.kernel;

import dev.serving.core.model.kernel.Kernels.Family;

/** Weights as bf16, two columns in an int: {@code [panel][column / 2][lane]}. */
public final class Bf16Matrix extends PackedMatrix {
  private final int[][] pairs;

  private Bf16Matrix(Kernels kernels, int rows, int columns) {
    super(kernels, rows, columns, Short.BYTES);
    kernels.prepare(Family.BF16, (long) rows * columns);
    pairs = new int[arrays()][];
  }

  /** Reads and packs a matrix, in the calling thread. */
  public static Bf16Matrix pack(Kernels kernels, int rows, int columns, RowSource source) {
    Bf16Matrix m = new Bf16Matrix(kernels, rows, columns);
    m.fill(source);
    return m;
  }

  @Override
  public long bytes() {
    return (long) Integer.BYTES * panels() * stride();
  }

  @Override
  public void row(int row, float[] into, int at) {
    int[] w = pairs[array(row / width)];
    int from = at(row / width, 0) + row % width;
    for (int k = 0; k < columns; k += 2, from += width) {
      into[at + k] = Float.intBitsToFloat(w[from] << 16);
      into[at + k + 1] = Float.intBitsToFloat(w[from] & 0xFFFF0000);
    }
  }

  @Override
  void tile(int rows, int panel, int k0, int kn, Tile t) {
    kernels.tileBf16(rows, pairs[array(panel)], at(panel, k0), kn, t);
  }

  @Override
  boolean unpacks(int batch) {
    return kernels.unpacksBf16(batch);
  }

  @Override
  void unpack(int panel, int k0, int kn, float[] into) {
    kernels.unpackBf16(pairs[array(panel)], at(panel, k0), kn, into);
  }

  private int at(int panel, int column) {
    return place(panel) * stride() + column / 2 * width;
  }

  private int stride() {
    return columns / 2 * width;
  }

  private void fill(RowSource source) {
    int[] buffer = new int[width * (columns / 2)];
    for (int panel = 0; panel < panels(); panel++) {
      if (place(panel) == 0) {
        pairs[array(panel)] = new int[length(array(panel), stride())];
      }
      int count = Math.min(width, rows - panel * width);
      source.bf16Pairs(panel * width, count, buffer);
      transpose(buffer, count, pairs[array(panel)], at(panel, 0));
    }
  }

  private void transpose(int[] from, int count, int[] into, int at) {
    int half = columns / 2;
    for (int k = 0; k < half; k++) {
      for (int l = 0; l < count; l++) {
        into[at + k * width + l] = from[l * half + k];
      }
    }
  }
}
