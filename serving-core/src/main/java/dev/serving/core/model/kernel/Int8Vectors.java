package dev.serving.core.model.kernel;

import static dev.serving.core.model.kernel.VectorKernels.F;
import static dev.serving.core.model.kernel.VectorKernels.VL;
import static dev.serving.core.model.kernel.VectorKernels.WIDTH;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Int8 panels: a weight is its byte times the scale of its block of {@link Int8Matrix#BLOCK}
 * columns, rounded once to f32.
 */
final class Int8Vectors {
  private static final VectorSpecies<Byte> B =
      VL == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
  private static final int SHIFT = Integer.numberOfTrailingZeros(Int8Matrix.BLOCK);

  private Int8Vectors() {}

  static FloatVector floats(byte[] w, int at) {
    return (FloatVector) ByteVector.fromArray(B, w, at).convertShape(VectorOperators.B2F, F, 0);
  }

  static FloatVector weight(byte[] w, int at, float[] scales, int scaleAt) {
    return floats(w, at).mul(FloatVector.fromArray(F, scales, scaleAt));
  }

  static void tile8(byte[] w, int at, float[] scales, int scaleAt, int k0, int kn, Tile t) {
    float[] x = t.x;
    int xAt = t.xAt;
    float[] s = t.sums;
    int s0 = t.sumsAt;
    int s1 = s0 + t.sumsStride;
    int s2 = s1 + t.sumsStride;
    int s3 = s2 + t.sumsStride;
    int s4 = s3 + t.sumsStride;
    int s5 = s4 + t.sumsStride;
    int s6 = s5 + t.sumsStride;
    int s7 = s6 + t.sumsStride;
    FloatVector a0 = FloatVector.fromArray(F, s, s0);
    FloatVector b0 = FloatVector.fromArray(F, s, s0 + VL);
    FloatVector a1 = FloatVector.fromArray(F, s, s1);
    FloatVector b1 = FloatVector.fromArray(F, s, s1 + VL);
    FloatVector a2 = FloatVector.fromArray(F, s, s2);
    FloatVector b2 = FloatVector.fromArray(F, s, s2 + VL);
    FloatVector a3 = FloatVector.fromArray(F, s, s3);
    FloatVector b3 = FloatVector.fromArray(F, s, s3 + VL);
    FloatVector a4 = FloatVector.fromArray(F, s, s4);
    FloatVector b4 = FloatVector.fromArray(F, s, s4 + VL);
    FloatVector a5 = FloatVector.fromArray(F, s, s5);
    FloatVector b5 = FloatVector.fromArray(F, s, s5 + VL);
    FloatVector a6 = FloatVector.fromArray(F, s, s6);
    FloatVector b6 = FloatVector.fromArray(F, s, s6 + VL);
    FloatVector a7 = FloatVector.fromArray(F, s, s7);
    FloatVector b7 = FloatVector.fromArray(F, s, s7 + VL);
    for (int k = k0; k < k0 + kn; k++) {
      int i = at + k * WIDTH;
      int scale = scaleAt + (k >> SHIFT) * WIDTH;
      FloatVector p = weight(w, i, scales, scale);
      FloatVector q = weight(w, i + VL, scales, scale + VL);
      int from = xAt + (k - k0) * 8;
      FloatVector e0 = FloatVector.broadcast(F, x[from]);
      a0 = e0.fma(p, a0);
      b0 = e0.fma(q, b0);
      FloatVector e1 = FloatVector.broadcast(F, x[from + 1]);
      a1 = e1.fma(p, a1);
      b1 = e1.fma(q, b1);
      FloatVector e2 = FloatVector.broadcast(F, x[from + 2]);
      a2 = e2.fma(p, a2);
      b2 = e2.fma(q, b2);
      FloatVector e3 = FloatVector.broadcast(F, x[from + 3]);
      a3 = e3.fma(p, a3);
      b3 = e3.fma(q, b3);
      FloatVector e4 = FloatVector.broadcast(F, x[from + 4]);
      a4 = e4.fma(p, a4);
      b4 = e4.fma(q, b4);
      FloatVector e5 = FloatVector.broadcast(F, x[from + 5]);
      a5 = e5.fma(p, a5);
      b5 = e5.fma(q, b5);
      FloatVector e6 = FloatVector.broadcast(F, x[from + 6]);
      a6 = e6.fma(p, a6);
      b6 = e6.fma(q, b6);
      FloatVector e7 = FloatVector.broadcast(F, x[from + 7]);
      a7 = e7.fma(p, a7);
      b7 = e7.fma(q, b7);
    }
    float[] y = t.y;
    int y0 = t.yAt;
    int y1 = y0 + t.yStride;
    int y2 = y1 + t.yStride;
    int y3 = y2 + t.yStride;
    int y4 = y3 + t.yStride;
    int y5 = y4 + t.yStride;
    int y6 = y5 + t.yStride;
    int y7 = y6 + t.yStride;
    a0.intoArray(y, y0);
    b0.intoArray(y, y0 + VL);
    a1.intoArray(y, y1);
    b1.intoArray(y, y1 + VL);
    a2.intoArray(y, y2);
    b2.intoArray(y, y2 + VL);
    a3.intoArray(y, y3);
    b3.intoArray(y, y3 + VL);
    a4.intoArray(y, y4);
    b4.intoArray(y, y4 + VL);
    a5.intoArray(y, y5);
    b5.intoArray(y, y5 + VL);
    a6.intoArray(y, y6);
    b6.intoArray(y, y6 + VL);
    a7.intoArray(y, y7);
    b7.intoArray(y, y7 + VL);
  }

  static void tile4(byte[] w, int at, float[] scales, int scaleAt, int k0, int kn, Tile t) {
    float[] x = t.x;
    int xAt = t.xAt;
    float[] s = t.sums;
    int s0 = t.sumsAt;
    int s1 = s0 + t.sumsStride;
    int s2 = s1 + t.sumsStride;
    int s3 = s2 + t.sumsStride;
    FloatVector a0 = FloatVector.fromArray(F, s, s0);
    FloatVector b0 = FloatVector.fromArray(F, s, s0 + VL);
    FloatVector a1 = FloatVector.fromArray(F, s, s1);
    FloatVector b1 = FloatVector.fromArray(F, s, s1 + VL);
    FloatVector a2 = FloatVector.fromArray(F, s, s2);
    FloatVector b2 = FloatVector.fromArray(F, s, s2 + VL);
    FloatVector a3 = FloatVector.fromArray(F, s, s3);
    FloatVector b3 = FloatVector.fromArray(F, s, s3 + VL);
    for (int k = k0; k < k0 + kn; k++) {
      int i = at + k * WIDTH;
      int scale = scaleAt + (k >> SHIFT) * WIDTH;
      FloatVector p = weight(w, i, scales, scale);
      FloatVector q = weight(w, i + VL, scales, scale + VL);
      int from = xAt + (k - k0) * 4;
      FloatVector e0 = FloatVector.broadcast(F, x[from]);
      a0 = e0.fma(p, a0);
      b0 = e0.fma(q, b0);
      FloatVector e1 = FloatVector.broadcast(F, x[from + 1]);
      a1 = e1.fma(p, a1);
      b1 = e1.fma(q, b1);
      FloatVector e2 = FloatVector.broadcast(F, x[from + 2]);
      a2 = e2.fma(p, a2);
      b2 = e2.fma(q, b2);
      FloatVector e3 = FloatVector.broadcast(F, x[from + 3]);
      a3 = e3.fma(p, a3);
      b3 = e3.fma(q, b3);
    }
    float[] y = t.y;
    int y0 = t.yAt;
    int y1 = y0 + t.yStride;
    int y2 = y1 + t.yStride;
    int y3 = y2 + t.yStride;
    a0.intoArray(y, y0);
    b0.intoArray(y, y0 + VL);
    a1.intoArray(y, y1);
    b1.intoArray(y, y1 + VL);
    a2.intoArray(y, y2);
    b2.intoArray(y, y2 + VL);
    a3.intoArray(y, y3);
    b3.intoArray(y, y3 + VL);
  }

  static void tile2(byte[] w, int at, float[] scales, int scaleAt, int k0, int kn, Tile t) {
    float[] x = t.x;
    int xAt = t.xAt;
    float[] s = t.sums;
    int s0 = t.sumsAt;
    int s1 = s0 + t.sumsStride;
    FloatVector a0 = FloatVector.fromArray(F, s, s0);
    FloatVector b0 = FloatVector.fromArray(F, s, s0 + VL);
    FloatVector a1 = FloatVector.fromArray(F, s, s1);
    FloatVector b1 = FloatVector.fromArray(F, s, s1 + VL);
    for (int k = k0; k < k0 + kn; k++) {
      int i = at + k * WIDTH;
      int scale = scaleAt + (k >> SHIFT) * WIDTH;
      FloatVector p = weight(w, i, scales, scale);
      FloatVector q = weight(w, i + VL, scales, scale + VL);
      int from = xAt + (k - k0) * 2;
      FloatVector e0 = FloatVector.broadcast(F, x[from]);
      a0 = e0.fma(p, a0);
      b0 = e0.fma(q, b0);
      FloatVector e1 = FloatVector.broadcast(F, x[from + 1]);
      a1 = e1.fma(p, a1);
      b1 = e1.fma(q, b1);
    }
    float[] y = t.y;
    int y0 = t.yAt;
    int y1 = y0 + t.yStride;
    a0.intoArray(y, y0);
    b0.intoArray(y, y0 + VL);
    a1.intoArray(y, y1);
    b1.intoArray(y, y1 + VL);
  }

  /**
   * Four columns at a time, as {@link Bf16Vectors#tile1}, and then the two that may be left: taken
   * first, they would leave fours that lie in two blocks of scales.
   */
  static void tile1(byte[] w, int at, float[] scales, int scaleAt, int k0, int kn, Tile t) {
    float[] x = t.x;
    int xAt = t.xAt;
    int w0 = at + k0 * WIDTH;
    int whole = kn & ~3;
    FloatVector a = FloatVector.fromArray(F, t.sums, t.sumsAt);
    FloatVector b = FloatVector.fromArray(F, t.sums, t.sumsAt + VL);
    for (int k = 0; k < whole; k += 4) {
      int i = w0 + k * WIDTH;
      int scale = scaleAt + ((k0 + k) >> SHIFT) * WIDTH;
      FloatVector scaleA = FloatVector.fromArray(F, scales, scale);
      FloatVector scaleB = FloatVector.fromArray(F, scales, scale + VL);
      FloatVector x0 = FloatVector.broadcast(F, x[xAt + k]);
      FloatVector x1 = FloatVector.broadcast(F, x[xAt + k + 1]);
      FloatVector x2 = FloatVector.broadcast(F, x[xAt + k + 2]);
      FloatVector x3 = FloatVector.broadcast(F, x[xAt + k + 3]);
      a = x0.fma(floats(w, i).mul(scaleA), a);
      b = x0.fma(floats(w, i + VL).mul(scaleB), b);
      a = x1.fma(floats(w, i + WIDTH).mul(scaleA), a);
      b = x1.fma(floats(w, i + WIDTH + VL).mul(scaleB), b);
      a = x2.fma(floats(w, i + 2 * WIDTH).mul(scaleA), a);
      b = x2.fma(floats(w, i + 2 * WIDTH + VL).mul(scaleB), b);
      a = x3.fma(floats(w, i + 3 * WIDTH).mul(scaleA), a);
      b = x3.fma(floats(w, i + 3 * WIDTH + VL).mul(scaleB), b);
    }
    if (whole < kn) {
      int i = w0 + whole * WIDTH;
      int scale = scaleAt + ((k0 + whole) >> SHIFT) * WIDTH;
      FloatVector x0 = FloatVector.broadcast(F, x[xAt + whole]);
      FloatVector x1 = FloatVector.broadcast(F, x[xAt + whole + 1]);
      a = x0.fma(weight(w, i, scales, scale), a);
      b = x0.fma(weight(w, i + VL, scales, scale + VL), b);
      a = x1.fma(weight(w, i + WIDTH, scales, scale), a);
      b = x1.fma(weight(w, i + WIDTH + VL, scales, scale + VL), b);
    }
    a.intoArray(t.y, t.yAt);
    b.intoArray(t.y, t.yAt + VL);
  }

  static void unpack(byte[] w, int at, float[] scales, int scaleAt, int k0, int kn, float[] into) {
    for (int k = k0; k < k0 + kn; k++) {
      int i = at + k * WIDTH;
      int s = scaleAt + (k >> SHIFT) * WIDTH;
      int to = (k - k0) * WIDTH;
      weight(w, i, scales, s).intoArray(into, to);
      weight(w, i + VL, scales, s + VL).intoArray(into, to + VL);
    }
  }
}
