package dev.serving.core.model.kernel;

import static dev.serving.core.model.kernel.VectorKernels.F;
import static dev.serving.core.model.kernel.VectorKernels.VL;
import static dev.serving.core.model.kernel.VectorKernels.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * F32 panels.
 *
 * <p>Each method is one loop and no more: C2 of JDK 17 keeps the accumulators in registers only
 * then.
 */
final class F32Vectors {
  private F32Vectors() {}

  static void gemv(float[] w, int at, int stride, int columns, float[] x, float[] y, int yAt) {
    int at1 = at + stride;
    FloatVector a0 = FloatVector.zero(F);
    FloatVector b0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector b1 = FloatVector.zero(F);
    for (int k = 0, w0 = 0; k < columns; k++, w0 += WIDTH) {
      FloatVector e = FloatVector.broadcast(F, x[k]);
      a0 = e.fma(FloatVector.fromArray(F, w, at + w0), a0);
      b0 = e.fma(FloatVector.fromArray(F, w, at + w0 + VL), b0);
      a1 = e.fma(FloatVector.fromArray(F, w, at1 + w0), a1);
      b1 = e.fma(FloatVector.fromArray(F, w, at1 + w0 + VL), b1);
    }
    a0.intoArray(y, yAt);
    b0.intoArray(y, yAt + VL);
    a1.intoArray(y, yAt + WIDTH);
    b1.intoArray(y, yAt + WIDTH + VL);
  }

  static void tile4(float[] w, int at, int kn, Tile t) {
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
    for (int k = 0; k < kn; k++, at += WIDTH) {
      FloatVector p = FloatVector.fromArray(F, w, at);
      FloatVector q = FloatVector.fromArray(F, w, at + VL);
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

  static void tile2(float[] w, int at, int kn, Tile t) {
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
    for (int k = 0; k < kn; k++, at += WIDTH) {
      FloatVector p = FloatVector.fromArray(F, w, at);
      FloatVector q = FloatVector.fromArray(F, w, at + VL);
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

  static void tile1(float[] w, int at, int kn, Tile t) {
    float[] x = t.x;
    float[] y = t.y;
    int yAt = t.yAt;
    int x0 = t.xAt;
    FloatVector a0 = FloatVector.fromArray(F, y, yAt);
    FloatVector b0 = FloatVector.fromArray(F, y, yAt + VL);
    for (int k = 0; k < kn; k++, at += WIDTH) {
      FloatVector p = FloatVector.fromArray(F, w, at);
      FloatVector q = FloatVector.fromArray(F, w, at + VL);
      FloatVector e0 = FloatVector.broadcast(F, x[x0 + k]);
      a0 = e0.fma(p, a0);
      b0 = e0.fma(q, b0);
    }
    a0.intoArray(y, yAt);
    b0.intoArray(y, yAt + VL);
  }
}
