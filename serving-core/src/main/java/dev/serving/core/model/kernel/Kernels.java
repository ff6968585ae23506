package dev.serving.core.model.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * The innermost loops, in one of two forms with the same results, bit for bit: with the Vector API,
 * or in plain Java where the module {@code jdk.incubator.vector} is missing. Stateless; any thread.
 *
 * <p>Weights lie in <em>panels</em>: {@link #panelWidth} rows side by side, so that the lanes of a
 * vector are output rows and no kernel needs a horizontal sum. All kernels but {@code gemv} add to
 * what {@code y} holds.
 */
public abstract sealed class Kernels permits ScalarKernels, VectorKernels {
  private static final Logger LOG = System.getLogger(Kernels.class.getName());

  /** Chosen once: {@link #best}. */
  private static final class Chosen {
    static final Kernels KERNELS = choose();

    private static Kernels choose() {
      if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
        return new VectorKernels();
      }
      LOG.log(
          Level.WARNING,
          "The Vector API is missing, so the model will run 2 to 10 times slower."
              + " Start java with --add-modules jdk.incubator.vector");
      return new ScalarKernels();
    }
  }

  Kernels() {}

  /** The fastest kernels of this JVM; warns once when these are the plain ones. */
  public static Kernels best() {
    return Chosen.KERNELS;
  }

  /** The plain kernels, which need nothing but Java. */
  public static Kernels scalar() {
    return new ScalarKernels();
  }

  /** How many floats one vector holds; at least 4. */
  public abstract int lanes();

  /** Rows in a panel: two vectors, the least that keeps the multipliers busy. */
  public final int panelWidth() {
    return 2 * lanes();
  }

  /** {@code n} rounded up to whole vectors. */
  public final int padded(int n) {
    return (n + lanes() - 1) / lanes() * lanes();
  }

  /** How many rows of {@code x} a tile takes at most; tiles have a power of two rows. */
  abstract int tileRows();

  /**
   * Four bf16 panels at {@code at}, {@code at + stride}, … times one vector of {@code columns}
   * floats. Four streams at once keep more of the memory's requests in flight than one.
   */
  abstract void gemvBf16(int[] w, int at, int stride, int columns, float[] x, float[] y, int yAt);

  /** The same for f32 panels. */
  abstract void gemvF32(float[] w, int at, int stride, int columns, float[] x, float[] y, int yAt);

  /** The same for int8 panels with their scales. */
  abstract void gemvInt8(
      byte[] w,
      int at,
      int stride,
      float[] scales,
      int scaleAt,
      int scaleStride,
      int columns,
      float[] x,
      float[] y,
      int yAt);

  /** {@code rows} rows of x times {@code kn} columns (even) of one bf16 panel, added to y. */
  abstract void tileBf16(int rows, int[] w, int at, int kn, Tile t);

  /** {@code rows} rows of x times {@code kn} columns of one f32 panel, added to y. */
  abstract void tileF32(int rows, float[] w, int at, int kn, Tile t);

  /** Unpacks {@code kn} columns of one int8 panel, beginning at column {@code k0}, to f32. */
  abstract void unpackInt8(
      byte[] w, int at, float[] scales, int scaleAt, int k0, int kn, float[] into);

  /**
   * Adds to y the product of rows of x with a matrix of {@code kn} rows of {@code width} floats (a
   * multiple of {@link #lanes}), as attention needs it for keys and for values. The tile is used
   * up: set it anew before the next call.
   */
  public abstract void multiplyAdd(float[] w, int at, int width, int kn, int rows, Tile t);

  /** Replaces each {@code v} by {@code exp(v - max)}. */
  public abstract void exp(float[] values, int from, int to, float max);

  /** {@code out[i] = silu(gate[i]) * up[i]}. */
  public abstract void swiGlu(
      float[] gate, int gateAt, float[] up, int upAt, float[] out, int outAt, int length);
}
