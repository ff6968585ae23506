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

  /** One panel at a time: with two, so much is computed for each line that memory waits. */
  static void gemv(
      byte[] w, int at, float[] scales, int scaleAt, int columns, float[] x, float[] y, int yAt) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = FloatVector.zero(F);
    for (int k = 0; k < columns; k += 2) {
      int i = at + k * WIDTH;
      int s = scaleAt + (k >> SHIFT) * WIDTH;
      FloatVector scaleA = FloatVector.fromArray(F, scales, s);
      FloatVector scaleB = FloatVector.fromArray(F, scales, s + VL);
      FloatVector e = FloatVector.broadcast(F, x[k]);
      FloatVector o = FloatVector.broadcast(F, x[k + 1]);
      a = e.fma(floats(w, i).mul(scaleA), a);
      b = e.fma(floats(w, i + VL).mul(scaleB), b);
      a = o.fma(floats(w, i + WIDTH).mul(scaleA), a);
      b = o.fma(floats(w, i + WIDTH + VL).mul(scaleB), b);
    }
    a.intoArray(y, yAt);
    b.intoArray(y, yAt + VL);
  }

  static void tile4(byte[] w, int at, float[] scales, int scaleAt, int k0, int kn, Tile t) {
    float[] x = t.x;
    float[] y = t.y;
    int yAt = t.yAt;
    int ys = t.yStride;
    int x0 = t.xAt - k0;
    int x1 = x0 + t.xStride;
    int x2 = x1 + t.xStride;
    int x3 = x2 + t.xStride;
    FloatVector a0 = FloatVector.fromArray(F, y, yAt);
    FloatVector b0 = FloatVector.fromArray(F, y, yAt + VL);
    FloatVector a1 = FloatVector.fromArray(F, y, yAt + ys);
    FloatVector b1 = FloatVector.fromArray(F, y, yAt + ys + VL);
    FloatVector a2 = FloatVector.fromArray(F, y, yAt + 2 * ys);
    FloatVector b2 = FloatVector.fromArray(F, y, yAt + 2 * ys + VL);
    FloatVector a3 = FloatVector.fromArray(F, y, yAt + 3 * ys);
    FloatVector b3 = FloatVector.fromArray(F, y, yAt + 3 * ys + VL);
    for (int k = k0; k < k0 + kn; k++) {
      int i = at + k * WIDTH;
      int s = scaleAt + (k >> SHIFT) * WIDTH;
      FloatVector p = weight(w, i, scales, s);
      FloatVector q = weight(w, i + VL, scales, s + VL);
      FloatVector e0 = FloatVector.broadcast(F, x[x0 + k]);
      a0 = e0.fma(p, a0);
      b0 = e0.fma(q, b0);
      FloatVector e1 = FloatVector.broadcast(F, x[x1 + k]);
      a1 = e1.fma(p, a1);
      b1 = e1.fma(q, b1);
      FloatVector e2 = FloatVector.broadcast(F, x[x2 + k]);
      a2 = e2.fma(p, a2);
      b2 = e2.fma(q, b2);
      FloatVector e3 = FloatVector.broadcast(F, x[x3 + k]);
      a3 = e3.fma(p, a3);
      b3 = e3.fma(q, b3);
    }
    a0.intoArray(y, yAt);
    b0.intoArray(y, yAt + VL);
    a1.intoArray(y, yAt + ys);
    b1.intoArray(y, yAt + ys + VL);
    a2.intoArray(y, yAt + 2 * ys);
    b2.intoArray(y, yAt + 2 * ys + VL);
    a3.intoArray(y, yAt + 3 * ys);
    b3.intoArray(y, yAt + 3 * ys + VL);
  }

  static void tile2(byte[] w, int at, float[] scales, int scaleAt, int k0, int kn, Tile t) {
    float[] x = t.x;
    float[] y = t.y;
    int yAt = t.yAt;
    int ys = t.yStride;
    int x0 = t.xAt - k0;
    int x1 = x0 + t.xStride;
    FloatVector a0 = FloatVector.fromArray(F, y, yAt);
    FloatVector b0 = FloatVector.fromArray(F, y, yAt + VL);
    FloatVector a1 = FloatVector.fromArray(F, y, yAt + ys);
    FloatVector b1 = FloatVector.fromArray(F, y, yAt + ys + VL);
    for (int k = k0; k < k0 + kn; k++) {
      int i = at + k * WIDTH;
      int s = scaleAt + (k >> SHIFT) * WIDTH;
      FloatVector p = weight(w, i, scales, s);
      FloatVector q = weight(w, i + VL, scales, s + VL);
      FloatVector e0 = FloatVector.broadcast(F, x[x0 + k]);
      a0 = e0.fma(p, a0);
      b0 = e0.fma(q, b0);
      FloatVector e1 = FloatVector.broadcast(F, x[x1 + k]);
      a1 = e1.fma(p, a1);
      b1 = e1.fma(q, b1);
    }
    a0.intoArray(y, yAt);
    b0.intoArray(y, yAt + VL);
    a1.intoArray(y, yAt + ys);
    b1.intoArray(y, yAt + ys + VL);
  }

  static void tile1(byte[] w, int at, float[] scales, int scaleAt, int k0, int kn, Tile t) {
    float[] x = t.x;
    float[] y = t.y;
    int yAt = t.yAt;
    int x0 = t.xAt - k0;
    FloatVector a0 = FloatVector.fromArray(F, y, yAt);
    FloatVector b0 = FloatVector.fromArray(F, y, yAt + VL);
    for (int k = k0; k < k0 + kn; k++) {
      int i = at + k * WIDTH;
      int s = scaleAt + (k >> SHIFT) * WIDTH;
      FloatVector p = weight(w, i, scales, s);
      FloatVector q = weight(w, i + VL, scales, s + VL);
      FloatVector e0 = FloatVector.broadcast(F, x[x0 + k]);
      a0 = e0.fma(p, a0);
      b0 = e0.fma(q, b0);
    }
    a0.intoArray(y, yAt);
    b0.intoArray(y, yAt + VL);
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
