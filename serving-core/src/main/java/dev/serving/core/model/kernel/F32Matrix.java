package dev.serving.core.model.kernel;

import dev.serving.core.model.kernel.Kernels.Family;

/** Weights as f32: {@code [panel][column][lane]}. */
public final class F32Matrix extends PackedMatrix {
  private final float[][] weights;

  private F32Matrix(Kernels kernels, int rows, int columns) {
    super(kernels, rows, columns, Float.BYTES);
    kernels.prepare(Family.F32, (long) rows * columns);
    weights = new float[arrays()][];
  }

  /** Reads and packs a matrix, in the calling thread. */
  public static F32Matrix pack(Kernels kernels, int rows, int columns, RowSource source) {
    F32Matrix m = new F32Matrix(kernels, rows, columns);
    m.fill(source);
    return m;
  }

  @Override
  public long bytes() {
    return (long) Float.BYTES * panels() * stride();
  }

  @Override
  public void row(int row, float[] into, int at) {
    float[] w = weights[array(row / width)];
    int from = at(row / width, 0) + row % width;
    for (int k = 0; k < columns; k++, from += width) {
      into[at + k] = w[from];
    }
  }

  @Override
  void tile(int rows, int panel, int k0, int kn, Tile t) {
    kernels.tileF32(rows, weights[array(panel)], at(panel, k0), kn, t);
  }

  @Override
  boolean unpacks(int batch) {
    return false;
  }

  @Override
  void unpack(int panel, int k0, int kn, float[] into) {
    System.arraycopy(weights[array(panel)], at(panel, k0), into, 0, kn * width);
  }

  private int at(int panel, int column) {
    return place(panel) * stride() + column * width;
  }

  private int stride() {
    return columns * width;
  }

  private void fill(RowSource source) {
    float[] buffer = new float[width * columns];
    for (int panel = 0; panel < panels(); panel++) {
      if (place(panel) == 0) {
        weights[array(panel)] = new float[length(array(panel), stride())];
      }
      int count = Math.min(width, rows - panel * width);
      source.floats(panel * width, count, buffer);
      transpose(buffer, count, weights[array(panel)], at(panel, 0));
    }
  }

  private void transpose(float[] from, int count, float[] into, int at) {
    for (int k = 0; k < columns; k++) {
      for (int l = 0; l < count; l++) {
        into[at + k * width + l] = from[l * columns + k];
      }
    }
  }
}
