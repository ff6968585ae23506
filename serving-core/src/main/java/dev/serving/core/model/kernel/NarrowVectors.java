package dev.serving.core.model.kernel;

import static dev.serving.core.model.kernel.VectorKernels.F;

import jdk.incubator.vector.FloatVector;

/**
 * One vector's width of a matrix with rows of any width: what attention multiplies with.
 *
 * <p>Each method is one loop and no more: C2 of JDK 17 keeps the accumulators in registers only
 * then.
 */
final class NarrowVectors {
  private NarrowVectors() {}

  static void tile8(float[] w, int at, int width, int kn, Tile t) {
    float[] x = t.x;
    float[] y = t.y;
    int yAt = t.yAt;
    int ys = t.yStride;
    int x0 = t.xAt;
    int x1 = x0 + t.xStride;
    int x2 = x1 + t.xStride;
    int x3 = x2 + t.xStride;
    int x4 = x3 + t.xStride;
    int x5 = x4 + t.xStride;
    int x6 = x5 + t.xStride;
    int x7 = x6 + t.xStride;
    FloatVector a0 = FloatVector.fromArray(F, y, yAt);
    FloatVector a1 = FloatVector.fromArray(F, y, yAt + ys);
    FloatVector a2 = FloatVector.fromArray(F, y, yAt + 2 * ys);
    FloatVector a3 = FloatVector.fromArray(F, y, yAt + 3 * ys);
    FloatVector a4 = FloatVector.fromArray(F, y, yAt + 4 * ys);
    FloatVector a5 = FloatVector.fromArray(F, y, yAt + 5 * ys);
    FloatVector a6 = FloatVector.fromArray(F, y, yAt + 6 * ys);
    FloatVector a7 = FloatVector.fromArray(F, y, yAt + 7 * ys);
    for (int k = 0; k < kn; k++, at += width) {
      FloatVector p = FloatVector.fromArray(F, w, at);
      a0 = p.fma(FloatVector.broadcast(F, x[x0 + k]), a0);
      a1 = p.fma(FloatVector.broadcast(F, x[x1 + k]), a1);
      a2 = p.fma(FloatVector.broadcast(F, x[x2 + k]), a2);
      a3 = p.fma(FloatVector.broadcast(F, x[x3 + k]), a3);
      a4 = p.fma(FloatVector.broadcast(F, x[x4 + k]), a4);
      a5 = p.fma(FloatVector.broadcast(F, x[x5 + k]), a5);
      a6 = p.fma(FloatVector.broadcast(F, x[x6 + k]), a6);
      a7 = p.fma(FloatVector.broadcast(F, x[x7 + k]), a7);
    }
    a0.intoArray(y, yAt);
    a1.intoArray(y, yAt + ys);
    a2.intoArray(y, yAt + 2 * ys);
    a3.intoArray(y, yAt + 3 * ys);
    a4.intoArray(y, yAt + 4 * ys);
    a5.intoArray(y, yAt + 5 * ys);
    a6.intoArray(y, yAt + 6 * ys);
    a7.intoArray(y, yAt + 7 * ys);
  }

  static void tile4(float[] w, int at, int width, int kn, Tile t) {
    float[] x = t.x;
    float[] y = t.y;
    int yAt = t.yAt;
    int ys = t.yStride;
    int x0 = t.xAt;
    int x1 = x0 + t.xStride;
    int x2 = x1 + t.xStride;
    int x3 = x2 + t.xStride;
    FloatVector a0 = FloatVector.fromArray(F, y, yAt);
    FloatVector a1 = FloatVector.fromArray(F, y, yAt + ys);
    FloatVector a2 = FloatVector.fromArray(F, y, yAt + 2 * ys);
    FloatVector a3 = FloatVector.fromArray(F, y, yAt + 3 * ys);
    for (int k = 0; k < kn; k++, at += width) {
      FloatVector p = FloatVector.fromArray(F, w, at);
      a0 = p.fma(FloatVector.broadcast(F, x[x0 + k]), a0);
      a1 = p.fma(FloatVector.broadcast(F, x[x1 + k]), a1);
      a2 = p.fma(FloatVector.broadcast(F, x[x2 + k]), a2);
      a3 = p.fma(FloatVector.broadcast(F, x[x3 + k]), a3);
    }
    a0.intoArray(y, yAt);
    a1.intoArray(y, yAt + ys);
    a2.intoArray(y, yAt + 2 * ys);
    a3.intoArray(y, yAt + 3 * ys);
  }

  static void tile2(float[] w, int at, int width, int kn, Tile t) {
    float[] x = t.x;
    float[] y = t.y;
    int yAt = t.yAt;
    int ys = t.yStride;
    int x0 = t.xAt;
    int x1 = x0 + t.xStride;
    FloatVector a0 = FloatVector.fromArray(F, y, yAt);
    FloatVector a1 = FloatVector.fromArray(F, y, yAt + ys);
    for (int k = 0; k < kn; k++, at += width) {
      FloatVector p = FloatVector.fromArray(F, w, at);
      a0 = p.fma(FloatVector.broadcast(F, x[x0 + k]), a0);
      a1 = p.fma(FloatVector.broadcast(F, x[x1 + k]), a1);
    }
    a0.intoArray(y, yAt);
    a1.intoArray(y, yAt + ys);
  }

  static void tile1(float[] w, int at, int width, int kn, Tile t) {
    float[] x = t.x;
    float[] y = t.y;
    int yAt = t.yAt;
    int x0 = t.xAt;
    FloatVector a0 = FloatVector.fromArray(F, y, yAt);
    for (int k = 0; k < kn; k++, at += width) {
      FloatVector p = FloatVector.fromArray(F, w, at);
      a0 = p.fma(FloatVector.broadcast(F, x[x0 + k]), a0);
    }
    a0.intoArray(y, yAt);
  }
}
