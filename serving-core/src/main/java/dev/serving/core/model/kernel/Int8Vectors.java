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

  static FloatVector weight(byte[] w, int at, float[] scales, int scaleAt) {
    FloatVector v =
        (FloatVector) ByteVector.fromArray(B, w, at).convertShape(VectorOperators.B2F, F, 0);
    return v.mul(FloatVector.fromArray(F, scales, scaleAt));
  }

  static void gemv(
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
    int at1 = at + stride;
    int at2 = at1 + stride;
    int at3 = at2 + stride;
    int s1 = scaleAt + scaleStride;
    int s2 = s1 + scaleStride;
    int s3 = s2 + scaleStride;
    FloatVector a0 = FloatVector.zero(F);
    FloatVector b0 = FloatVector.zero(F);
    FloatVector a1 = FloatVector.zero(F);
    FloatVector b1 = FloatVector.zero(F);
    FloatVector a2 = FloatVector.zero(F);
    FloatVector b2 = FloatVector.zero(F);
    FloatVector a3 = FloatVector.zero(F);
    FloatVector b3 = FloatVector.zero(F);
    for (int k = 0; k < columns; k++) {
      FloatVector e = FloatVector.broadcast(F, x[k]);
      int i = k * WIDTH;
      int s = (k >> SHIFT) * WIDTH;
      a0 = e.fma(weight(w, at + i, scales, scaleAt + s), a0);
      b0 = e.fma(weight(w, at + i + VL, scales, scaleAt + s + VL), b0);
      a1 = e.fma(weight(w, at1 + i, scales, s1 + s), a1);
      b1 = e.fma(weight(w, at1 + i + VL, scales, s1 + s + VL), b1);
      a2 = e.fma(weight(w, at2 + i, scales, s2 + s), a2);
      b2 = e.fma(weight(w, at2 + i + VL, scales, s2 + s + VL), b2);
      a3 = e.fma(weight(w, at3 + i, scales, s3 + s), a3);
      b3 = e.fma(weight(w, at3 + i + VL, scales, s3 + s + VL), b3);
    }
    a0.intoArray(y, yAt);
    b0.intoArray(y, yAt + VL);
    a1.intoArray(y, yAt + WIDTH);
    b1.intoArray(y, yAt + WIDTH + VL);
    a2.intoArray(y, yAt + 2 * WIDTH);
    b2.intoArray(y, yAt + 2 * WIDTH + VL);
    a3.intoArray(y, yAt + 3 * WIDTH);
    b3.intoArray(y, yAt + 3 * WIDTH + VL);
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
