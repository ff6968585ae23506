package dev.serving.core.model.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The kernels with the Vector API, at the width this CPU prefers. */
final class VectorKernels extends Kernels {
  static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  static final int VL = F.length();
  static final int WIDTH = 2 * VL;

  /** Whether there are 32 registers (AVX-512), for tiles of 8 rows, and not 16 (AVX2), for 4. */
  private static final boolean WIDE = VL >= 16;

  private static final int TILE_ROWS = WIDE ? 8 : 4;

  @Override
  public int lanes() {
    return VL;
  }

  @Override
  int tileRows() {
    return TILE_ROWS;
  }

  /** Unpacking takes one operation for four products of a tile of 4 rows, for eight of 8 rows. */
  @Override
  boolean unpacksBf16(int batch) {
    return !WIDE && batch > 12;
  }

  @Override
  boolean unpacksInt8(int batch) {
    return batch > (WIDE ? 64 : 16);
  }

  @Override
  void tileBf16(int rows, int[] w, int at, int kn, Tile t) {
    switch (rows) {
      case 8 -> Bf16Vectors.tile8(w, at, kn, t);
      case 4 -> Bf16Vectors.tile4(w, at, kn, t);
      case 2 -> Bf16Vectors.tile2(w, at, kn, t);
      default -> Bf16Vectors.tile1(w, at, kn, t);
    }
  }

  @Override
  void tileF32(int rows, float[] w, int at, int kn, Tile t) {
    switch (rows) {
      case 8 -> F32Vectors.tile8(w, at, kn, t);
      case 4 -> F32Vectors.tile4(w, at, kn, t);
      case 2 -> F32Vectors.tile2(w, at, kn, t);
      default -> F32Vectors.tile1(w, at, kn, t);
    }
  }

  @Override
  void tileInt8(int rows, byte[] w, int at, float[] scales, int scaleAt, int kn, Tile t) {
    float[] sums = t.gather(rows, WIDTH);
    for (int k = 0, s = scaleAt; k < kn; k += Int8Matrix.BLOCK, s += WIDTH) {
      int from = at + k * WIDTH;
      int n = Math.min(Int8Matrix.BLOCK, kn - k);
      int xAt = t.xAt + k * rows;
      switch (rows) {
        case 8 -> Int8Vectors.tile8(w, from, n, scales, s, t.x, xAt, sums);
        case 4 -> Int8Vectors.tile4(w, from, n, scales, s, t.x, xAt, sums);
        case 2 -> Int8Vectors.tile2(w, from, n, scales, s, t.x, xAt, sums);
        default -> Int8Vectors.tile1(w, from, n, scales, s, t.x, xAt, sums);
      }
    }
    scatterLanes(sums, rows, t.y, t.yAt, t.yStride);
  }

  @Override
  void tileUnpackedInt8(int rows, float[] w, float[] scales, int scaleAt, int kn, Tile t) {
    float[] sums = t.gather(rows, WIDTH);
    for (int k = 0, s = scaleAt; k < kn; k += Int8Matrix.BLOCK, s += WIDTH) {
      int n = Math.min(Int8Matrix.BLOCK, kn - k);
      int xAt = t.xAt + k * rows;
      if (rows == 8) {
        Int8Vectors.tileUnpacked8(w, k * WIDTH, n, scales, s, t.x, xAt, sums);
      } else {
        Int8Vectors.tileUnpacked4(w, k * WIDTH, n, scales, s, t.x, xAt, sums);
      }
    }
    scatterLanes(sums, rows, t.y, t.yAt, t.yStride);
  }

  /** Writes rows of sums that lie side by side to where they belong in y. */
  private static void scatterLanes(float[] sums, int rows, float[] y, int yAt, int yStride) {
    for (int r = 0; r < rows; r++) {
      int to = yAt + r * yStride;
      FloatVector.fromArray(F, sums, r * WIDTH).intoArray(y, to);
      FloatVector.fromArray(F, sums, r * WIDTH + VL).intoArray(y, to + VL);
    }
  }

  @Override
  void unpackBf16(int[] w, int at, int kn, float[] into) {
    Bf16Vectors.unpack(w, at, kn, into);
  }

  @Override
  void unpackInt8(byte[] w, int at, int kn, float[] into) {
    Int8Vectors.unpack(w, at, kn, into);
  }

  @Override
  public void multiplyAdd(float[] w, int at, int width, int kn, int rows, Tile t) {
    int left = rows;
    while (left > 0) {
      int tile = tileRows(TILE_ROWS, left);
      for (int column = 0; column < width; column += VL, t.yAt += VL) {
        narrow(tile, w, at + column, width, kn, t);
      }
      t.yAt -= width;
      t.skip(tile);
      left -= tile;
    }
  }

  private static void narrow(int rows, float[] w, int at, int width, int kn, Tile t) {
    switch (rows) {
      case 8 -> NarrowVectors.tile8(w, at, width, kn, t);
      case 4 -> NarrowVectors.tile4(w, at, width, kn, t);
      case 2 -> NarrowVectors.tile2(w, at, width, kn, t);
      default -> NarrowVectors.tile1(w, at, width, kn, t);
    }
  }

  @Override
  public void exp(float[] values, int from, int to, float max) {
    int whole = from + F.loopBound(to - from);
    expLanes(values, from, whole, max);
    for (int i = whole; i < to; i++) {
      values[i] = Exp.exp(values[i] - max);
    }
  }

  private static void expLanes(float[] values, int from, int to, float max) {
    for (int i = from; i < to; i += VL) {
      exp(FloatVector.fromArray(F, values, i).sub(max)).intoArray(values, i);
    }
  }

  @Override
  public void swiGlu(
      float[] gate, int gateAt, float[] up, int upAt, float[] out, int outAt, int length) {
    int whole = F.loopBound(length);
    swiGluLanes(gate, gateAt, up, upAt, out, outAt, whole);
    for (int i = whole; i < length; i++) {
      out[outAt + i] = Exp.silu(gate[gateAt + i]) * up[upAt + i];
    }
  }

  private static void swiGluLanes(
      float[] gate, int gateAt, float[] up, int upAt, float[] out, int outAt, int length) {
    for (int i = 0; i < length; i += VL) {
      FloatVector g = FloatVector.fromArray(F, gate, gateAt + i);
      FloatVector silu = g.div(exp(g.neg()).add(1.0f));
      silu.mul(FloatVector.fromArray(F, up, upAt + i)).intoArray(out, outAt + i);
    }
  }

  /** The same operations as {@link Exp#exp}. */
  private static FloatVector exp(FloatVector v) {
    FloatVector x = v.min(Exp.HIGH).max(Exp.LOW);
    FloatVector shifted =
        x.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.ROUND));
    FloatVector whole = shifted.sub(Exp.ROUND);
    FloatVector r = whole.fma(FloatVector.broadcast(F, Exp.LN2_HIGH), x);
    r = whole.fma(FloatVector.broadcast(F, Exp.LN2_LOW), r);
    FloatVector p = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
    p = r.fma(p, FloatVector.broadcast(F, Exp.C4));
    p = r.fma(p, FloatVector.broadcast(F, Exp.C3));
    p = r.fma(p, FloatVector.broadcast(F, Exp.C2));
    p = r.fma(p, FloatVector.broadcast(F, 1.0f));
    p = r.fma(p, FloatVector.broadcast(F, 1.0f));
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }
}
