package dev.serving.core.model.kernel;

import static dev.serving.core.model.kernel.VectorKernels.F;
import static dev.serving.core.model.kernel.VectorKernels.VL;
import static dev.serving.core.model.kernel.VectorKernels.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Bf16 panels: each int holds the weights of two neighbouring columns, the even one in its low
 * half.
 *
 * <p>Each method is one loop and no more: C2 of JDK 17 keeps the accumulators in registers only
 * then.
 */
final class Bf16Vectors {
  private static final VectorSpecies<Integer> I = VectorKernels.I;

  private Bf16Vectors() {}

  static FloatVector even(IntVector pair) {
    return pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  static FloatVector odd(IntVector pair) {
    return pair.and(0xFFFF0000).reinterpretAsFloats();
  }

  static void gemv(int[] w, int at, int stride, int columns, float[] x, float[] y, int yAt) {
    int at1 = at + stride;
    FloatVector a0 = FloatVector.zero(F);
    FloatVector b0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector b1 = FloatVector.zero(F);
    for (int k = 0, w0 = 0; k < columns; k += 2, w0 += WIDTH) {
      FloatVector e = FloatVector.broadcast(F, x[k]);
      FloatVector o = FloatVector.broadcast(F, x[k + 1]);
      IntVector p0 = IntVector.fromArray(I, w, at + w0);
      IntVector q0 = IntVector.fromArray(I, w, at + w0 + VL);
      a0 = o.fma(odd(p0), e.fma(even(p0), a0));
      b0 = o.fma(odd(q0), e.fma(even(q0), b0));
      IntVector p1 = IntVector.fromArray(I, w, at1 + w0);
      IntVector q1 = IntVector.fromArray(I, w, at1 + w0 + VL);
      a1 = o.fma(odd(p1), e.fma(even(p1), a1));
      b1 = o.fma(odd(q1), e.fma(even(q1), b1));
    }
    a0.intoArray(y, yAt);
    b0.intoArray(y, yAt + VL);
    a1.intoArray(y, yAt + WIDTH);
    b1.intoArray(y, yAt + WIDTH + VL);
  }

  static void tile4(int[] w, int at, int kn, Tile t) {
    float[] x = t.x;
    float[] y = t.y;
    int yAt = t.yAt;
    int ys = t.yStride;
    int x0 = t.xAt;
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
    for (int k = 0; k < kn; k += 2, at += WIDTH) {
      IntVector p = IntVector.fromArray(I, w, at);
      IntVector q = IntVector.fromArray(I, w, at + VL);
      FloatVector pe = even(p);
      FloatVector po = odd(p);
      FloatVector qe = even(q);
      FloatVector qo = odd(q);
      FloatVector e0 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector o0 = FloatVector.broadcast(F, x[x0 + k + 1]);
      a0 = o0.fma(po, e0.fma(pe, a0));
      b0 = o0.fma(qo, e0.fma(qe, b0));
      FloatVector e1 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector o1 = FloatVector.broadcast(F, x[x1 + k + 1]);
      a1 = o1.fma(po, e1.fma(pe, a1));
      b1 = o1.fma(qo, e1.fma(qe, b1));
      FloatVector e2 = FloatVector.broadcast(F, x[x2 + k]);
      FloatVector o2 = FloatVector.broadcast(F, x[x2 + k + 1]);
      a2 = o2.fma(po, e2.fma(pe, a2));
      b2 = o2.fma(qo, e2.fma(qe, b2));
      FloatVector e3 = FloatVector.broadcast(F, x[x3 + k]);
      FloatVector o3 = FloatVector.broadcast(F, x[x3 + k + 1]);
      a3 = o3.fma(po, e3.fma(pe, a3));
      b3 = o3.fma(qo, e3.fma(qe, b3));
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

  static void tile2(int[] w, int at, int kn, Tile t) {
    float[] x = t.x;
    float[] y = t.y;
    int yAt = t.yAt;
    int ys = t.yStride;
    int x0 = t.xAt;
    int x1 = x0 + t.xStride;
    FloatVector a0 = FloatVector.fromArray(F, y, yAt);
    FloatVector b0 = FloatVector.fromArray(F, y, yAt + VL);
    FloatVector a1 = FloatVector.fromArray(F, y, yAt + ys);
    FloatVector b1 = FloatVector.fromArray(F, y, yAt + ys + VL);
    for (int k = 0; k < kn; k += 2, at += WIDTH) {
      IntVector p = IntVector.fromArray(I, w, at);
      IntVector q = IntVector.fromArray(I, w, at + VL);
      FloatVector pe = even(p);
      FloatVector po = odd(p);
      FloatVector qe = even(q);
      FloatVector qo = odd(q);
      FloatVector e0 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector o0 = FloatVector.broadcast(F, x[x0 + k + 1]);
      a0 = o0.fma(po, e0.fma(pe, a0));
      b0 = o0.fma(qo, e0.fma(qe, b0));
      FloatVector e1 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector o1 = FloatVector.broadcast(F, x[x1 + k + 1]);
      a1 = o1.fma(po, e1.fma(pe, a1));
      b1 = o1.fma(qo, e1.fma(qe, b1));
    }
    a0.intoArray(y, yAt);
    b0.intoArray(y, yAt + VL);
    a1.intoArray(y, yAt + ys);
    b1.intoArray(y, yAt + ys + VL);
  }

  static void tile1(int[] w, int at, int kn, Tile t) {
    float[] x = t.x;
    float[] y = t.y;
    int yAt = t.yAt;
    int x0 = t.xAt;
    FloatVector a0 = FloatVector.fromArray(F, y, yAt);
    FloatVector b0 = FloatVector.fromArray(F, y, yAt + VL);
    for (int k = 0; k < kn; k += 2, at += WIDTH) {
      IntVector p = IntVector.fromArray(I, w, at);
      IntVector q = IntVector.fromArray(I, w, at + VL);
      FloatVector pe = even(p);
      FloatVector po = odd(p);
      FloatVector qe = even(q);
      FloatVector qo = odd(q);
      FloatVector e0 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector o0 = FloatVector.broadcast(F, x[x0 + k + 1]);
      a0 = o0.fma(po, e0.fma(pe, a0));
      b0 = o0.fma(qo, e0.fma(qe, b0));
    }
    a0.intoArray(y, yAt);
    b0.intoArray(y, yAt + VL);
  }

  static void unpack(int[] w, int at, int kn, float[] into) {
    for (int k = 0; k < kn; k += 2) {
      IntVector p = IntVector.fromArray(I, w, at + k / 2 * WIDTH);
      IntVector q = IntVector.fromArray(I, w, at + k / 2 * WIDTH + VL);
      even(p).intoArray(into, k * WIDTH);
      even(q).intoArray(into, k * WIDTH + VL);
      odd(p).intoArray(into, k * WIDTH + WIDTH);
      odd(q).intoArray(into, k * WIDTH + WIDTH + VL);
    }
  }
}
