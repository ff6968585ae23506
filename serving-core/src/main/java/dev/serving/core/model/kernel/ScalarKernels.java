package dev.serving.core.model.kernel;

import java.util.Arrays;

/** The kernels in plain Java, in the order of operations of {@link VectorKernels}. */
final class ScalarKernels extends Kernels {
  private final int lanes;
  private final int width;

  /** For panels as wide as vectors of so many lanes would have them. */
  ScalarKernels(int lanes) {
    this.lanes = lanes;
    this.width = 2 * lanes;
  }

  @Override
  public int lanes() {
    return lanes;
  }

  @Override
  int tileRows() {
    return 8;
  }

  @Override
  boolean unpacksBf16(int batch) {
    return false;
  }

  @Override
  boolean unpacksInt8(int batch) {
    return batch > 1;
  }

  @Override
  void tileBf16(int rows, int[] w, int at, int kn, Tile t) {
    float[] acc = new float[width];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(t.sums, t.sumsAt + r * t.sumsStride, acc, 0, width);
      bf16Row(w, at, kn, t.x, t.xAt + r, rows, acc);
      System.arraycopy(acc, 0, t.y, t.yAt + r * t.yStride, width);
    }
  }

  @Override
  void tileF32(int rows, float[] w, int at, int kn, Tile t) {
    f32Rows(w, at, width, kn, rows, 1, rows, t);
  }

  @Override
  void tileInt8(int rows, byte[] w, int at, float[] scales, int scaleAt, int kn, Tile t) {
    blocks(
        rows,
        scales,
        scaleAt,
        kn,
        t,
        (k, n, x, acc) -> int8Row(w, at + k * width, n, t.x, x, rows, acc));
  }

  @Override
  void tileUnpackedInt8(int rows, float[] w, float[] scales, int scaleAt, int kn, Tile t) {
    blocks(
        rows,
        scales,
        scaleAt,
        kn,
        t,
        (k, n, x, acc) -> f32Row(w, k * width, width, n, t.x, x, rows, acc));
  }

  @Override
  void unpackBf16(int[] w, int at, int kn, float[] into) {
    for (int k = 0; k < kn; k += 2) {
      for (int l = 0; l < width; l++) {
        int pair = w[at + k / 2 * width + l];
        into[k * width + l] = Float.intBitsToFloat(pair << 16);
        into[k * width + width + l] = Float.intBitsToFloat(pair & 0xFFFF0000);
      }
    }
  }

  @Override
  void unpackInt8(byte[] w, int at, int kn, float[] into) {
    for (int i = 0; i < kn * width; i++) {
      into[i] = w[at + i];
    }
  }

  @Override
  public void multiplyAdd(float[] w, int at, int width, int kn, int rows, Tile t) {
    f32Rows(w, at, width, kn, rows, t.xStride, 1, t);
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

  private void bf16Row(int[] w, int at, int kn, float[] x, int xAt, int step, float[] acc) {
    for (int k = 0; k < kn; k += 2, at += width) {
      bf16Pair(w, at, x[xAt + k * step], x[xAt + (k + 1) * step], acc);
    }
  }

  private void bf16Pair(int[] w, int at, float even, float odd, float[] acc) {
    for (int l = 0; l < width; l++) {
      float a = Math.fma(even, Float.intBitsToFloat(w[at + l] << 16), acc[l]);
      acc[l] = Math.fma(odd, Float.intBitsToFloat(w[at + l] & 0xFFFF0000), a);
    }
  }

  /** One row's product with a block of columns. */
  private interface Block {
    /** Adds the product of columns {@code k .. k + n} with what lies at {@code xAt}. */
    void add(int k, int n, int xAt, float[] acc);
  }

  private void blocks(int rows, float[] scales, int scaleAt, int kn, Tile t, Block block) {
    float[] sums = new float[width];
    float[] acc = new float[width];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(t.sums, t.sumsAt + r * t.sumsStride, sums, 0, width);
      for (int k = 0, s = scaleAt; k < kn; k += Int8Matrix.BLOCK, s += width) {
        Arrays.fill(acc, 0);
        block.add(k, Math.min(Int8Matrix.BLOCK, kn - k), t.xAt + k * rows + r, acc);
        addScaled(acc, scales, s, sums);
      }
      System.arraycopy(sums, 0, t.y, t.yAt + r * t.yStride, width);
    }
  }

  private void int8Row(byte[] w, int at, int kn, float[] x, int xAt, int step, float[] acc) {
    for (int k = 0; k < kn; k++, at += width) {
      for (int l = 0; l < width; l++) {
        acc[l] = Math.fma(x[xAt + k * step], w[at + l], acc[l]);
      }
    }
  }

  private void addScaled(float[] products, float[] scales, int scaleAt, float[] sums) {
    for (int l = 0; l < width; l++) {
      sums[l] = Math.fma(products[l], scales[scaleAt + l], sums[l]);
    }
  }

  /** Rows of x that are {@code apart} floats apart, and their columns {@code step}. */
  private static void f32Rows(
      float[] w, int at, int width, int kn, int rows, int apart, int step, Tile t) {
    float[] acc = new float[width];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(t.sums, t.sumsAt + r * t.sumsStride, acc, 0, width);
      f32Row(w, at, width, kn, t.x, t.xAt + r * apart, step, acc);
      System.arraycopy(acc, 0, t.y, t.yAt + r * t.yStride, width);
    }
  }

  private static void f32Row(
      float[] w, int at, int width, int kn, float[] x, int xAt, int step, float[] acc) {
    for (int k = 0; k < kn; k++, at += width) {
      f32Column(w, at, width, x[xAt + k * step], acc);
    }
  }

  private static void f32Column(float[] w, int at, int width, float x, float[] acc) {
    for (int l = 0; l < width; l++) {
      acc[l] = Math.fma(x, w[at + l], acc[l]);
    }
  }
}
