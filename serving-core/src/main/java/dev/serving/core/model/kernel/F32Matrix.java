package dev.serving.core.model.kernel;

import dev.serving.core.model.kernel.Kernels.Family;

/** Weights as f32: {@code [panel][column][lane]}. */
public final class F32Matrix extends PackedMatrix {
  private final float[] weights;

  private F32Matrix(Kernels kernels, int rows, int columns) {
    super(kernels, rows, columns);
    kernels.prepare(Family.F32, (long) rows * columns);
    weights = new float[arrayLength(panels(), (long) columns * width)];
  }

  /** Reads and packs a matrix, in the calling thread. */
  public static F32Matrix pack(Kernels kernels, int rows, int columns, RowSource source) {
    F32Matrix m = new F32Matrix(kernels, rows, columns);
    m.fill(source);
    return m;
  }

  @Override
  public long bytes() {
    return 4L * weights.length;
  }

  @Override
  public void row(int row, float[] into, int at) {
    int from = row / width * stride() + row % width;
    for (int k = 0; k < columns; k++, from += width) {
      into[at + k] = weights[from];
    }
  }

  @Override
  void gemv(int panel, float[] x, float[] y, int yAt) {
    kernels.gemvF32(weights, panel * stride(), stride(), columns, x, y, yAt);
  }

  @Override
  void tile(int rows, int panel, int k0, int kn, Tile t) {
    kernels.tileF32(rows, weights, panel * stride() + k0 * width, kn, t);
  }

  @Override
  boolean unpacks(int batch) {
    return false;
  }

  @Override
  void unpack(int panel, int k0, int kn, float[] into) {
    System.arraycopy(weights, panel * stride() + k0 * width, into, 0, kn * width);
  }

  private int stride() {
    return columns * width;
  }

  private void fill(RowSource source) {
    float[] buffer = new float[width * columns];
    for (int panel = 0; panel < panels(); panel++) {
      int count = Math.min(width, rows - panel * width);
      source.floats(panel * width, count, buffer);
      transpose(buffer, count, panel * stride());
    }
  }

  private void transpose(float[] from, int count, int at) {
    for (int k = 0; k < columns; k++) {
      for (int l = 0; l < count; l++) {
        weights[at + k * width + l] = from[l * columns + k];
      }
    }
  }
}
