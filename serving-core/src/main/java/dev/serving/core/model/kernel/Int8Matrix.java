package dev.serving.core.model.kernel;

import dev.serving.core.model.kernel.Kernels.Family;

/**
 * Weights as int8 with one f32 scale for every {@link #BLOCK} columns of a row: {@code
 * [panel][column][lane]} and {@code [panel][block][lane]}.
 */
public final class Int8Matrix extends PackedMatrix {
  /** Columns that share a scale. */
  static final int BLOCK = 128;

  /** The widest vector load of bytes, which may reach past the last panel. */
  static final int SLACK = 16;

  /** Added to a small float, it rounds that to nearest even and leaves it in the lowest bits. */
  private static final float ROUND = 3 << 22;

  private final byte[][] weights;
  private final float[][] scales;

  private Int8Matrix(Kernels kernels, int rows, int columns) {
    super(kernels, rows, columns, Byte.BYTES);
    kernels.prepare(Family.INT8, (long) rows * columns);
    weights = new byte[arrays()][];
    scales = new float[arrays()][];
  }

  /** Reads, quantises and packs a matrix, in the calling thread. */
  public static Int8Matrix pack(Kernels kernels, int rows, int columns, RowSource source) {
    Int8Matrix m = new Int8Matrix(kernels, rows, columns);
    m.fill(source);
    return m;
  }

  @Override
  public long bytes() {
    return panels() * (stride() + (long) Float.BYTES * scaleStride());
  }

  @Override
  public void row(int row, float[] into, int at) {
    int panel = row / width;
    byte[] w = weights[array(panel)];
    float[] s = scales[array(panel)];
    int from = at(panel, 0) + row % width;
    int scale = scaleAt(panel, 0) + row % width;
    for (int k = 0; k < columns; k++, from += width) {
      into[at + k] = w[from] * s[scale + k / BLOCK * width];
    }
  }

  @Override
  void tile(int rows, int panel, int k0, int kn, Tile t) {
    kernels.tileInt8(
        rows,
        weights[array(panel)],
        at(panel, k0),
        scales[array(panel)],
        scaleAt(panel, k0),
        kn,
        t);
  }

  @Override
  boolean unpacks(int batch) {
    return kernels.unpacksInt8(batch);
  }

  @Override
  void unpack(int panel, int k0, int kn, float[] into) {
    kernels.unpackInt8(weights[array(panel)], at(panel, k0), kn, into);
  }

  /** The last rows are multiplied with the weights as they are: they are too few to make tiles. */
  @Override
  void tileUnpacked(int rows, int panel, int k0, int kn, float[] unpacked, Tile t) {
    if (rows == kernels.tileRows()) {
      kernels.tileUnpackedInt8(rows, unpacked, scales[array(panel)], scaleAt(panel, k0), kn, t);
    } else {
      tile(rows, panel, k0, kn, t);
    }
  }

  private int at(int panel, int column) {
    return place(panel) * stride() + column * width;
  }

  /** Where the scales lie of the block that begins at a column. */
  private int scaleAt(int panel, int column) {
    return place(panel) * scaleStride() + column / BLOCK * width;
  }

  private int blocks() {
    return (columns + BLOCK - 1) / BLOCK;
  }

  private int stride() {
    return columns * width;
  }

  private int scaleStride() {
    return blocks() * width;
  }

  private void fill(RowSource source) {
    float[] buffer = new float[width * columns];
    for (int panel = 0; panel < panels(); panel++) {
      int array = array(panel);
      if (place(panel) == 0) {
        weights[array] = new byte[length(array, stride()) + SLACK];
        scales[array] = new float[length(array, scaleStride())];
      }
      int count = Math.min(width, rows - panel * width);
      source.floats(panel * width, count, buffer);
      for (int b = 0; b < blocks(); b++) {
        quantise(buffer, count, panel, b);
      }
    }
  }

  private void quantise(float[] from, int count, int panel, int block) {
    int first = block * BLOCK;
    int end = Math.min(columns, first + BLOCK);
    int array = array(panel);
    int at = at(panel, first);
    int scaleAt = scaleAt(panel, first);
    for (int l = 0; l < count; l++) {
      float largest = largest(from, l * columns + first, l * columns + end);
      scales[array][scaleAt + l] = largest / 127;
      float inverse = largest == 0 ? 0 : 127 / largest;
      spread(from, l * columns + first, end - first, inverse, weights[array], at + l, width);
    }
  }

  /** One row's part of a block to a lane: every {@code width}-th byte. */
  private static void spread(
      float[] from, int first, int count, float inverse, byte[] into, int at, int width) {
    for (int i = 0; i < count; i++) {
      into[at + i * width] = (byte) Float.floatToRawIntBits(from[first + i] * inverse + ROUND);
    }
  }

  /** The largest magnitude: without the sign, floats are in the order of their bits. */
  private static float largest(float[] values, int from, int to) {
    int largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Float.floatToRawIntBits(values[i]) & Integer.MAX_VALUE);
    }
    return Float.intBitsToFloat(largest);
  }
}
