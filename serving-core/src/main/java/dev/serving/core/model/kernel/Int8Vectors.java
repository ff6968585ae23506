package dev.serving.core.model.kernel;

import static dev.serving.core.model.kernel.VectorKernels.F;
import static dev.serving.core.model.kernel.VectorKernels.VL;
import static dev.serving.core.model.kernel.VectorKernels.WIDTH;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * One block of columns of an int8 panel: rows of x times the whole numbers that its weights are,
 * times its scales, added to {@code sums[row][lane]}. These lie side by side, so that where each
 * begins is known when this is compiled; of two dozen places in y C2 kept half on the stack.
 *
 * <p>Each method is one loop and no more: C2 of JDK 17 keeps the accumulators in registers only
 * then.
 */
final class Int8Vectors {
  private static final VectorSpecies<Byte> B =
      VL == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  private Int8Vectors() {}

  static void tile8(
      byte[] w, int at, int kn, float[] scales, int scaleAt, float[] x, int xAt, float[] sums) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector b0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector b1 = FloatVector.zero(F);
    FloatVector a2 = FloatVector.zero(F);
    FloatVector b2 = FloatVector.zero(F);
    FloatVector a3 = FloatVector.zero(F);
    FloatVector b3 = FloatVector.zero(F);
    FloatVector a4 = FloatVector.zero(F);
    FloatVector b4 = FloatVector.zero(F);
    FloatVector a5 = FloatVector.zero(F);
    FloatVector b5 = FloatVector.zero(F);
    FloatVector a6 = FloatVector.zero(F);
    FloatVector b6 = FloatVector.zero(F);
    FloatVector a7 = FloatVector.zero(F);
    FloatVector b7 = FloatVector.zero(F);
    for (int k = 0; k < kn; k++) {
      FloatVector p = weights(w, at + k * WIDTH);
      FloatVector q = weights(w, at + k * WIDTH + VL);
      int from = xAt + k * 8;
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
    FloatVector s = FloatVector.fromArray(F, scales, scaleAt);
    FloatVector t = FloatVector.fromArray(F, scales, scaleAt + VL);
    a0.fma(s, FloatVector.fromArray(F, sums, 0)).intoArray(sums, 0);
    b0.fma(t, FloatVector.fromArray(F, sums, VL)).intoArray(sums, VL);
    a1.fma(s, FloatVector.fromArray(F, sums, WIDTH)).intoArray(sums, WIDTH);
    b1.fma(t, FloatVector.fromArray(F, sums, WIDTH + VL)).intoArray(sums, WIDTH + VL);
    a2.fma(s, FloatVector.fromArray(F, sums, 2 * WIDTH)).intoArray(sums, 2 * WIDTH);
    b2.fma(t, FloatVector.fromArray(F, sums, 2 * WIDTH + VL)).intoArray(sums, 2 * WIDTH + VL);
    a3.fma(s, FloatVector.fromArray(F, sums, 3 * WIDTH)).intoArray(sums, 3 * WIDTH);
    b3.fma(t, FloatVector.fromArray(F, sums, 3 * WIDTH + VL)).intoArray(sums, 3 * WIDTH + VL);
    a4.fma(s, FloatVector.fromArray(F, sums, 4 * WIDTH)).intoArray(sums, 4 * WIDTH);
    b4.fma(t, FloatVector.fromArray(F, sums, 4 * WIDTH + VL)).intoArray(sums, 4 * WIDTH + VL);
    a5.fma(s, FloatVector.fromArray(F, sums, 5 * WIDTH)).intoArray(sums, 5 * WIDTH);
    b5.fma(t, FloatVector.fromArray(F, sums, 5 * WIDTH + VL)).intoArray(sums, 5 * WIDTH + VL);
    a6.fma(s, FloatVector.fromArray(F, sums, 6 * WIDTH)).intoArray(sums, 6 * WIDTH);
    b6.fma(t, FloatVector.fromArray(F, sums, 6 * WIDTH + VL)).intoArray(sums, 6 * WIDTH + VL);
    a7.fma(s, FloatVector.fromArray(F, sums, 7 * WIDTH)).intoArray(sums, 7 * WIDTH);
    b7.fma(t, FloatVector.fromArray(F, sums, 7 * WIDTH + VL)).intoArray(sums, 7 * WIDTH + VL);
  }

  static void tile4(
      byte[] w, int at, int kn, float[] scales, int scaleAt, float[] x, int xAt, float[] sums) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector b0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector b1 = FloatVector.zero(F);
    FloatVector a2 = FloatVector.zero(F);
    FloatVector b2 = FloatVector.zero(F);
    FloatVector a3 = FloatVector.zero(F);
    FloatVector b3 = FloatVector.zero(F);
    for (int k = 0; k < kn; k++) {
      FloatVector p = weights(w, at + k * WIDTH);
      FloatVector q = weights(w, at + k * WIDTH + VL);
      int from = xAt + k * 4;
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
    FloatVector s = FloatVector.fromArray(F, scales, scaleAt);
    FloatVector t = FloatVector.fromArray(F, scales, scaleAt + VL);
    a0.fma(s, FloatVector.fromArray(F, sums, 0)).intoArray(sums, 0);
    b0.fma(t, FloatVector.fromArray(F, sums, VL)).intoArray(sums, VL);
    a1.fma(s, FloatVector.fromArray(F, sums, WIDTH)).intoArray(sums, WIDTH);
    b1.fma(t, FloatVector.fromArray(F, sums, WIDTH + VL)).intoArray(sums, WIDTH + VL);
    a2.fma(s, FloatVector.fromArray(F, sums, 2 * WIDTH)).intoArray(sums, 2 * WIDTH);
    b2.fma(t, FloatVector.fromArray(F, sums, 2 * WIDTH + VL)).intoArray(sums, 2 * WIDTH + VL);
    a3.fma(s, FloatVector.fromArray(F, sums, 3 * WIDTH)).intoArray(sums, 3 * WIDTH);
    b3.fma(t, FloatVector.fromArray(F, sums, 3 * WIDTH + VL)).intoArray(sums, 3 * WIDTH + VL);
  }

  static void tile2(
      byte[] w, int at, int kn, float[] scales, int scaleAt, float[] x, int xAt, float[] sums) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector b0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector b1 = FloatVector.zero(F);
    for (int k = 0; k < kn; k++) {
      FloatVector p = weights(w, at + k * WIDTH);
      FloatVector q = weights(w, at + k * WIDTH + VL);
      int from = xAt + k * 2;
      FloatVector e0 = FloatVector.broadcast(F, x[from]);
      a0 = e0.fma(p, a0);
      b0 = e0.fma(q, b0);
      FloatVector e1 = FloatVector.broadcast(F, x[from + 1]);
      a1 = e1.fma(p, a1);
      b1 = e1.fma(q, b1);
    }
    FloatVector s = FloatVector.fromArray(F, scales, scaleAt);
    FloatVector t = FloatVector.fromArray(F, scales, scaleAt + VL);
    a0.fma(s, FloatVector.fromArray(F, sums, 0)).intoArray(sums, 0);
    b0.fma(t, FloatVector.fromArray(F, sums, VL)).intoArray(sums, VL);
    a1.fma(s, FloatVector.fromArray(F, sums, WIDTH)).intoArray(sums, WIDTH);
    b1.fma(t, FloatVector.fromArray(F, sums, WIDTH + VL)).intoArray(sums, WIDTH + VL);
  }

  /** Four columns at a time, as {@link Bf16Vectors#tile1}. */
  static void tile1(
      byte[] w, int at, int kn, float[] scales, int scaleAt, float[] x, int xAt, float[] sums) {
    FloatVector a = FloatVector.zero(F);
    FloatVector b = FloatVector.zero(F);
    int rest = kn % 4;
    if (rest != 0) {
      FloatVector x0 = FloatVector.broadcast(F, x[xAt]);
      FloatVector x1 = FloatVector.broadcast(F, x[xAt + 1]);
      a = x0.fma(weights(w, at), a);
      b = x0.fma(weights(w, at + VL), b);
      a = x1.fma(weights(w, at + WIDTH), a);
      b = x1.fma(weights(w, at + WIDTH + VL), b);
    }
    for (int k = rest; k < kn; k += 4) {
      int i = at + k * WIDTH;
      FloatVector x0 = FloatVector.broadcast(F, x[xAt + k]);
      FloatVector x1 = FloatVector.broadcast(F, x[xAt + k + 1]);
      FloatVector x2 = FloatVector.broadcast(F, x[xAt + k + 2]);
      FloatVector x3 = FloatVector.broadcast(F, x[xAt + k + 3]);
      a = x0.fma(weights(w, i), a);
      b = x0.fma(weights(w, i + VL), b);
      a = x1.fma(weights(w, i + WIDTH), a);
      b = x1.fma(weights(w, i + WIDTH + VL), b);
      a = x2.fma(weights(w, i + 2 * WIDTH), a);
      b = x2.fma(weights(w, i + 2 * WIDTH + VL), b);
      a = x3.fma(weights(w, i + 3 * WIDTH), a);
      b = x3.fma(weights(w, i + 3 * WIDTH + VL), b);
    }
    FloatVector s = FloatVector.fromArray(F, scales, scaleAt);
    FloatVector t = FloatVector.fromArray(F, scales, scaleAt + VL);
    a.fma(s, FloatVector.fromArray(F, sums, 0)).intoArray(sums, 0);
    b.fma(t, FloatVector.fromArray(F, sums, VL)).intoArray(sums, VL);
  }

  /** {@link #tile8} with weights that {@link #unpack} made floats. */
  static void tileUnpacked8(
      float[] w, int at, int kn, float[] scales, int scaleAt, float[] x, int xAt, float[] sums) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector b0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector b1 = FloatVector.zero(F);
    FloatVector a2 = FloatVector.zero(F);
    FloatVector b2 = FloatVector.zero(F);
    FloatVector a3 = FloatVector.zero(F);
    FloatVector b3 = FloatVector.zero(F);
    FloatVector a4 = FloatVector.zero(F);
    FloatVector b4 = FloatVector.zero(F);
    FloatVector a5 = FloatVector.zero(F);
    FloatVector b5 = FloatVector.zero(F);
    FloatVector a6 = FloatVector.zero(F);
    FloatVector b6 = FloatVector.zero(F);
    FloatVector a7 = FloatVector.zero(F);
    FloatVector b7 = FloatVector.zero(F);
    for (int k = 0; k < kn; k++) {
      FloatVector p = FloatVector.fromArray(F, w, at + k * WIDTH);
      FloatVector q = FloatVector.fromArray(F, w, at + k * WIDTH + VL);
      int from = xAt + k * 8;
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
    FloatVector s = FloatVector.fromArray(F, scales, scaleAt);
    FloatVector t = FloatVector.fromArray(F, scales, scaleAt + VL);
    a0.fma(s, FloatVector.fromArray(F, sums, 0)).intoArray(sums, 0);
    b0.fma(t, FloatVector.fromArray(F, sums, VL)).intoArray(sums, VL);
    a1.fma(s, FloatVector.fromArray(F, sums, WIDTH)).intoArray(sums, WIDTH);
    b1.fma(t, FloatVector.fromArray(F, sums, WIDTH + VL)).intoArray(sums, WIDTH + VL);
    a2.fma(s, FloatVector.fromArray(F, sums, 2 * WIDTH)).intoArray(sums, 2 * WIDTH);
    b2.fma(t, FloatVector.fromArray(F, sums, 2 * WIDTH + VL)).intoArray(sums, 2 * WIDTH + VL);
    a3.fma(s, FloatVector.fromArray(F, sums, 3 * WIDTH)).intoArray(sums, 3 * WIDTH);
    b3.fma(t, FloatVector.fromArray(F, sums, 3 * WIDTH + VL)).intoArray(sums, 3 * WIDTH + VL);
    a4.fma(s, FloatVector.fromArray(F, sums, 4 * WIDTH)).intoArray(sums, 4 * WIDTH);
    b4.fma(t, FloatVector.fromArray(F, sums, 4 * WIDTH + VL)).intoArray(sums, 4 * WIDTH + VL);
    a5.fma(s, FloatVector.fromArray(F, sums, 5 * WIDTH)).intoArray(sums, 5 * WIDTH);
    b5.fma(t, FloatVector.fromArray(F, sums, 5 * WIDTH + VL)).intoArray(sums, 5 * WIDTH + VL);
    a6.fma(s, FloatVector.fromArray(F, sums, 6 * WIDTH)).intoArray(sums, 6 * WIDTH);
    b6.fma(t, FloatVector.fromArray(F, sums, 6 * WIDTH + VL)).intoArray(sums, 6 * WIDTH + VL);
    a7.fma(s, FloatVector.fromArray(F, sums, 7 * WIDTH)).intoArray(sums, 7 * WIDTH);
    b7.fma(t, FloatVector.fromArray(F, sums, 7 * WIDTH + VL)).intoArray(sums, 7 * WIDTH + VL);
  }

  /** {@link #tile4} with weights that {@link #unpack} made floats. */
  static void tileUnpacked4(
      float[] w, int at, int kn, float[] scales, int scaleAt, float[] x, int xAt, float[] sums) {
    FloatVector a0 = FloatVector.zero(F);
    FloatVector b0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector b1 = FloatVector.zero(F);
    FloatVector a2 = FloatVector.zero(F);
    FloatVector b2 = FloatVector.zero(F);
    FloatVector a3 = FloatVector.zero(F);
    FloatVector b3 = FloatVector.zero(F);
    for (int k = 0; k < kn; k++) {
      FloatVector p = FloatVector.fromArray(F, w, at + k * WIDTH);
      FloatVector q = FloatVector.fromArray(F, w, at + k * WIDTH + VL);
      int from = xAt + k * 4;
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
    FloatVector s = FloatVector.fromArray(F, scales, scaleAt);
    FloatVector t = FloatVector.fromArray(F, scales, scaleAt + VL);
    a0.fma(s, FloatVector.fromArray(F, sums, 0)).intoArray(sums, 0);
    b0.fma(t, FloatVector.fromArray(F, sums, VL)).intoArray(sums, VL);
    a1.fma(s, FloatVector.fromArray(F, sums, WIDTH)).intoArray(sums, WIDTH);
    b1.fma(t, FloatVector.fromArray(F, sums, WIDTH + VL)).intoArray(sums, WIDTH + VL);
    a2.fma(s, FloatVector.fromArray(F, sums, 2 * WIDTH)).intoArray(sums, 2 * WIDTH);
    b2.fma(t, FloatVector.fromArray(F, sums, 2 * WIDTH + VL)).intoArray(sums, 2 * WIDTH + VL);
    a3.fma(s, FloatVector.fromArray(F, sums, 3 * WIDTH)).intoArray(sums, 3 * WIDTH);
    b3.fma(t, FloatVector.fromArray(F, sums, 3 * WIDTH + VL)).intoArray(sums, 3 * WIDTH + VL);
  }

  static void unpack(byte[] w, int at, int kn, float[] into) {
    for (int k = 0; k < kn; k++) {
      int i = at + k * WIDTH;
      weights(w, i).intoArray(into, k * WIDTH);
      weights(w, i + VL).intoArray(into, k * WIDTH + VL);
    }
  }

  private static FloatVector weights(byte[] w, int at) {
    return (FloatVector) ByteVector.fromArray(B, w, at).convertShape(VectorOperators.B2F, F, 0);
  }
}
