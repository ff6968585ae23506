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

  static void tile8(int[] w, int at, int kn, Tile t) {
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
    for (int k = 0; k < kn; k += 2) {
      IntVector p = IntVector.fromArray(I, w, at + k * VL);
      IntVector q = IntVector.fromArray(I, w, at + k * VL + VL);
      int from = xAt + k * 8;
      FloatVector pe = even(p);
      FloatVector qe = even(q);
      FloatVector e0 = FloatVector.broadcast(F, x[from]);
      a0 = e0.fma(pe, a0);
      b0 = e0.fma(qe, b0);
      FloatVector e1 = FloatVector.broadcast(F, x[from + 1]);
      a1 = e1.fma(pe, a1);
      b1 = e1.fma(qe, b1);
      FloatVector e2 = FloatVector.broadcast(F, x[from + 2]);
      a2 = e2.fma(pe, a2);
      b2 = e2.fma(qe, b2);
      FloatVector e3 = FloatVector.broadcast(F, x[from + 3]);
      a3 = e3.fma(pe, a3);
      b3 = e3.fma(qe, b3);
      FloatVector e4 = FloatVector.broadcast(F, x[from + 4]);
      a4 = e4.fma(pe, a4);
      b4 = e4.fma(qe, b4);
      FloatVector e5 = FloatVector.broadcast(F, x[from + 5]);
      a5 = e5.fma(pe, a5);
      b5 = e5.fma(qe, b5);
      FloatVector e6 = FloatVector.broadcast(F, x[from + 6]);
      a6 = e6.fma(pe, a6);
      b6 = e6.fma(qe, b6);
      FloatVector e7 = FloatVector.broadcast(F, x[from + 7]);
      a7 = e7.fma(pe, a7);
      b7 = e7.fma(qe, b7);
      FloatVector po = odd(p);
      FloatVector qo = odd(q);
      FloatVector o0 = FloatVector.broadcast(F, x[from + 8]);
      a0 = o0.fma(po, a0);
      b0 = o0.fma(qo, b0);
      FloatVector o1 = FloatVector.broadcast(F, x[from + 9]);
      a1 = o1.fma(po, a1);
      b1 = o1.fma(qo, b1);
      FloatVector o2 = FloatVector.broadcast(F, x[from + 10]);
      a2 = o2.fma(po, a2);
      b2 = o2.fma(qo, b2);
      FloatVector o3 = FloatVector.broadcast(F, x[from + 11]);
      a3 = o3.fma(po, a3);
      b3 = o3.fma(qo, b3);
      FloatVector o4 = FloatVector.broadcast(F, x[from + 12]);
      a4 = o4.fma(po, a4);
      b4 = o4.fma(qo, b4);
      FloatVector o5 = FloatVector.broadcast(F, x[from + 13]);
      a5 = o5.fma(po, a5);
      b5 = o5.fma(qo, b5);
      FloatVector o6 = FloatVector.broadcast(F, x[from + 14]);
      a6 = o6.fma(po, a6);
      b6 = o6.fma(qo, b6);
      FloatVector o7 = FloatVector.broadcast(F, x[from + 15]);
      a7 = o7.fma(po, a7);
      b7 = o7.fma(qo, b7);
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

  static void tile4(int[] w, int at, int kn, Tile t) {
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
    for (int k = 0; k < kn; k += 2) {
      IntVector p = IntVector.fromArray(I, w, at + k * VL);
      IntVector q = IntVector.fromArray(I, w, at + k * VL + VL);
      int from = xAt + k * 4;
      FloatVector pe = even(p);
      FloatVector qe = even(q);
      FloatVector e0 = FloatVector.broadcast(F, x[from]);
      a0 = e0.fma(pe, a0);
      b0 = e0.fma(qe, b0);
      FloatVector e1 = FloatVector.broadcast(F, x[from + 1]);
      a1 = e1.fma(pe, a1);
      b1 = e1.fma(qe, b1);
      FloatVector e2 = FloatVector.broadcast(F, x[from + 2]);
      a2 = e2.fma(pe, a2);
      b2 = e2.fma(qe, b2);
      FloatVector e3 = FloatVector.broadcast(F, x[from + 3]);
      a3 = e3.fma(pe, a3);
      b3 = e3.fma(qe, b3);
      FloatVector po = odd(p);
      FloatVector qo = odd(q);
      FloatVector o0 = FloatVector.broadcast(F, x[from + 4]);
      a0 = o0.fma(po, a0);
      b0 = o0.fma(qo, b0);
      FloatVector o1 = FloatVector.broadcast(F, x[from + 5]);
      a1 = o1.fma(po, a1);
      b1 = o1.fma(qo, b1);
      FloatVector o2 = FloatVector.broadcast(F, x[from + 6]);
      a2 = o2.fma(po, a2);
      b2 = o2.fma(qo, b2);
      FloatVector o3 = FloatVector.broadcast(F, x[from + 7]);
      a3 = o3.fma(po, a3);
      b3 = o3.fma(qo, b3);
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

  static void tile2(int[] w, int at, int kn, Tile t) {
    float[] x = t.x;
    int xAt = t.xAt;
    float[] s = t.sums;
    int s0 = t.sumsAt;
    int s1 = s0 + t.sumsStride;
    FloatVector a0 = FloatVector.fromArray(F, s, s0);
    FloatVector b0 = FloatVector.fromArray(F, s, s0 + VL);
    FloatVector a1 = FloatVector.fromArray(F, s, s1);
    FloatVector b1 = FloatVector.fromArray(F, s, s1 + VL);
    for (int k = 0; k < kn; k += 2) {
      IntVector p = IntVector.fromArray(I, w, at + k * VL);
      IntVector q = IntVector.fromArray(I, w, at + k * VL + VL);
      int from = xAt + k * 2;
      FloatVector pe = even(p);
      FloatVector qe = even(q);
      FloatVector e0 = FloatVector.broadcast(F, x[from]);
      a0 = e0.fma(pe, a0);
      b0 = e0.fma(qe, b0);
      FloatVector e1 = FloatVector.broadcast(F, x[from + 1]);
      a1 = e1.fma(pe, a1);
      b1 = e1.fma(qe, b1);
      FloatVector po = odd(p);
      FloatVector qo = odd(q);
      FloatVector o0 = FloatVector.broadcast(F, x[from + 2]);
      a0 = o0.fma(po, a0);
      b0 = o0.fma(qo, b0);
      FloatVector o1 = FloatVector.broadcast(F, x[from + 3]);
      a1 = o1.fma(po, a1);
      b1 = o1.fma(qo, b1);
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
   * Four columns at a time, since C2 unrolls a loop of two into one that reads from memory at half
   * the speed.
   */
  static void tile1(int[] w, int at, int kn, Tile t) {
    float[] x = t.x;
    int xAt = t.xAt;
    FloatVector a = FloatVector.fromArray(F, t.sums, t.sumsAt);
    FloatVector b = FloatVector.fromArray(F, t.sums, t.sumsAt + VL);
    int rest = kn % 4;
    if (rest != 0) {
      FloatVector e = FloatVector.broadcast(F, x[xAt]);
      FloatVector o = FloatVector.broadcast(F, x[xAt + 1]);
      IntVector p = IntVector.fromArray(I, w, at);
      IntVector q = IntVector.fromArray(I, w, at + VL);
      a = o.fma(odd(p), e.fma(even(p), a));
      b = o.fma(odd(q), e.fma(even(q), b));
    }
    for (int k = rest; k < kn; k += 4) {
      int i = at + k * VL;
      FloatVector e = FloatVector.broadcast(F, x[xAt + k]);
      FloatVector o = FloatVector.broadcast(F, x[xAt + k + 1]);
      IntVector p = IntVector.fromArray(I, w, i);
      IntVector q = IntVector.fromArray(I, w, i + VL);
      a = o.fma(odd(p), e.fma(even(p), a));
      b = o.fma(odd(q), e.fma(even(q), b));
      FloatVector e2 = FloatVector.broadcast(F, x[xAt + k + 2]);
      FloatVector o2 = FloatVector.broadcast(F, x[xAt + k + 3]);
      IntVector p2 = IntVector.fromArray(I, w, i + WIDTH);
      IntVector q2 = IntVector.fromArray(I, w, i + WIDTH + VL);
      a = o2.fma(odd(p2), e2.fma(even(p2), a));
      b = o2.fma(odd(q2), e2.fma(even(q2), b));
    }
    a.intoArray(t.y, t.yAt);
    b.intoArray(t.y, t.yAt + VL);
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
