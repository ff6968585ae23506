package dev.serving.core.model.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * The innermost loops, in two forms with the same results, bit for bit: with the Vector API, and in
 * plain Java for where the module {@code jdk.incubator.vector} is missing, or not yet compiled. Any
 * thread.
 *
 * <p>Weights lie in <em>panels</em>: {@link #panelWidth} rows side by side, so that the lanes of a
 * vector are output rows and no kernel needs a horizontal sum. Tiles add to the {@linkplain Tile
 * sums} that they are given.
 */
public abstract sealed class Kernels permits ScalarKernels, VectorKernels, WarmingKernels {
  private static final Logger LOG = System.getLogger(Kernels.class.getName());

  /** Kernels that are compiled and used together. */
  public enum Family {
    /** Products with bf16 weights. */
    BF16,
    /** Products with f32 weights. */
    F32,
    /** Products with int8 weights. */
    INT8,
    /** Products with the cache, for attention. */
    ATTENTION,
    /** Exponentials, one element after the other. */
    ELEMENTS
  }

  /** Chosen once: {@link #best}. */
  private static final class Chosen {
    static final Kernels KERNELS = choose();

    private static Kernels choose() {
      String lack = KernelJvm.lack();
      if (lack == null) {
        VectorKernels vectors = new VectorKernels();
        return new WarmingKernels(vectors, new ScalarKernels(vectors.lanes()));
      }
      LOG.log(Level.WARNING, "{0}, so the model will run 5 to 40 times slower", lack);
      return new ScalarKernels(PLAIN_LANES);
    }
  }

  private static final int PLAIN_LANES = 8;

  Kernels() {}

  /**
   * The fastest kernels of this JVM: those of the Vector API, each family as soon as it has been
   * compiled. Warns once where there are none.
   */
  public static Kernels best() {
    return Chosen.KERNELS;
  }

  /** The plain kernels, which need nothing but Java. */
  static Kernels scalar() {
    return new ScalarKernels(PLAIN_LANES);
  }

  /**
   * Says that a family will be used, so that it is made ready in the background.
   *
   * @param weights so many more that it will be used on: with many, vector kernels do not wait
   *     until {@link #modelIsWarm}
   */
  public void prepare(Family family, long weights) {}

  /**
   * The model is warm: after its first request vector kernels may take what time they need to get
   * ready. Until then those of a small model leave it to what loading and the first passes need.
   */
  public void modelIsWarm() {}

  /**
   * Waits until every prepared family is as fast as it will get.
   *
   * @return whether all of them were ready in time
   */
  public boolean awaitReady(Duration timeout) {
    return true;
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

  /** Rows of x that a tile of packed rows takes at most, a power of two: {@link PackedRows}. */
  abstract int tileRows();

  /** The rows of the next tile, of at most so many, when some are left. */
  static int tileRows(int most, int left) {
    return Math.min(most, Integer.highestOneBit(left));
  }

  /** Whether bf16 columns are better unpacked once than by each tile of a batch. */
  abstract boolean unpacksBf16(int batch);

  /** The same for int8. */
  abstract boolean unpacksInt8(int batch);

  /** {@code rows} packed rows times {@code kn} columns (even) of one bf16 panel, and its sums. */
  abstract void tileBf16(int rows, int[] w, int at, int kn, Tile t);

  /** {@code rows} packed rows times {@code kn} columns (even) of one f32 panel, and its sums. */
  abstract void tileF32(int rows, float[] w, int at, int kn, Tile t);

  /**
   * {@code rows} packed rows times {@code kn} columns (even) of one int8 panel, from the beginning
   * of a {@linkplain Int8Matrix#BLOCK block} on, and its sums.
   */
  abstract void tileInt8(int rows, byte[] w, int at, float[] scales, int scaleAt, int kn, Tile t);

  /** The same for {@link #tileRows} rows, with what {@link #unpackInt8} wrote. */
  abstract void tileUnpackedInt8(int rows, float[] w, float[] scales, int scaleAt, int kn, Tile t);

  /** Unpacks {@code kn} columns (even) of one bf16 panel to f32. */
  abstract void unpackBf16(int[] w, int at, int kn, float[] into);

  /** Unpacks {@code kn} columns of one int8 panel to f32, without their scales. */
  abstract void unpackInt8(byte[] w, int at, int kn, float[] into);

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
