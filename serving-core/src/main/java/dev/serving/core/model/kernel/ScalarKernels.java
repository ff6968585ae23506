package dev.serving.core.model.kernel;

/** The kernels in plain Java, in the order of operations of {@link VectorKernels}. */
final class ScalarKernels extends Kernels {
  private static final int LANES = 8;
  private static final int WIDTH = 2 * LANES;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  int tileRows() {
    return 1;
  }

  @Override
  void gemvBf16(int[] w, int at, int stride, int columns, float[] x, float[] y, int yAt) {
    for (int p = 0; p < 4; p++) {
      float[] acc = new float[WIDTH];
      bf16Row(w, at + p * stride, columns, x, 0, acc);
      System.arraycopy(acc, 0, y, yAt + p * WIDTH, WIDTH);
    }
  }

  @Override
  void gemvF32(float[] w, int at, int stride, int columns, float[] x, float[] y, int yAt) {
    for (int p = 0; p < 4; p++) {
      float[] acc = new float[WIDTH];
      f32Row(w, at + p * stride, WIDTH, WIDTH, columns, x, 0, acc);
      System.arraycopy(acc, 0, y, yAt + p * WIDTH, WIDTH);
    }
  }

  @Override
  void gemvInt8(
      byte[] w,
      int at,
      int stride,
      float[] scales,
      int scaleAt,
      int scaleStride,
      int columns,
      float[] x,
      float[] y,
      int yAt) {
    for (int p = 0; p < 4; p++) {
      float[] acc = new float[WIDTH];
      for (int k = 0; k < columns; k++) {
        int from = at + p * stride + k * WIDTH;
        int scale = scaleAt + p * scaleStride + k / Int8Matrix.BLOCK * WIDTH;
        for (int l = 0; l < WIDTH; l++) {
          acc[l] = Math.fma(x[k], w[from + l] * scales[scale + l], acc[l]);
        }
      }
      System.arraycopy(acc, 0, y, yAt + p * WIDTH, WIDTH);
    }
  }

  @Override
  void tileBf16(int rows, int[] w, int at, int kn, Tile t) {
    float[] acc = new float[WIDTH];
    for (int r = 0; r < rows; r++) {
      int yAt = t.yAt + r * t.yStride;
      System.arraycopy(t.y, yAt, acc, 0, WIDTH);
      bf16Row(w, at, kn, t.x, t.xAt + r * t.xStride, acc);
      System.arraycopy(acc, 0, t.y, yAt, WIDTH);
    }
  }

  @Override
  void tileF32(int rows, float[] w, int at, int kn, Tile t) {
    multiplyAdd(w, at, WIDTH, kn, rows, t);
  }

  @Override
  void unpackInt8(byte[] w, int at, float[] scales, int scaleAt, int k0, int kn, float[] into) {
    for (int k = 0; k < kn; k++) {
      int from = at + (k0 + k) * WIDTH;
      int scale = scaleAt + (k0 + k) / Int8Matrix.BLOCK * WIDTH;
      for (int l = 0; l < WIDTH; l++) {
        into[k * WIDTH + l] = w[from + l] * scales[scale + l];
      }
    }
  }

  @Override
  public void multiplyAdd(float[] w, int at, int width, int kn, int rows, Tile t) {
    float[] acc = new float[width];
    for (int r = 0; r < rows; r++) {
      int yAt = t.yAt + r * t.yStride;
      System.arraycopy(t.y, yAt, acc, 0, width);
      f32Row(w, at, width, width, kn, t.x, t.xAt + r * t.xStride, acc);
      System.arraycopy(acc, 0, t.y, yAt, width);
    }
  }

  @Override
  public void exp(float[] values, int from, int to, float max) {
    for (int i = from; i < to; i++) {
      values[i] = Exp.exp(values[i] - max);
    }
  }

  @Override
  public void swiGlu(
      float[] gate, int gateAt, float[] up, int upAt, float[] out, int outAt, int length) {
    for (int i = 0; i < length; i++) {
      out[outAt + i] = Exp.silu(gate[gateAt + i]) * up[upAt + i];
    }
  }

  private static void bf16Row(int[] w, int at, int kn, float[] x, int xAt, float[] acc) {
    for (int k = 0; k < kn; k += 2, at += WIDTH) {
      bf16Pair(w, at, x[xAt + k], x[xAt + k + 1], acc);
    }
  }

  private static void bf16Pair(int[] w, int at, float even, float odd, float[] acc) {
    for (int l = 0; l < WIDTH; l++) {
      float a = Math.fma(even, Float.intBitsToFloat(w[at + l] << 16), acc[l]);
      acc[l] = Math.fma(odd, Float.intBitsToFloat(w[at + l] & 0xFFFF0000), a);
    }
  }

  private static void f32Row(
      float[] w, int at, int stride, int width, int kn, float[] x, int xAt, float[] acc) {
    for (int k = 0; k < kn; k++, at += stride) {
      f32Column(w, at, width, x[xAt + k], acc);
    }
  }

  private static void f32Column(float[] w, int at, int width, float x, float[] acc) {
    for (int l = 0; l < width; l++) {
      acc[l] = Math.fma(x, w[at + l], acc[l]);
    }
  }
}
