package dev.serving.core.model.kernel;

/**
 * Small operations on rows of floats, in plain Java: they cost a hundredth of a pass, and C2 turns
 * most of them into vectors by itself. Each has one order of operations, like the kernels.
 */
public final class Rows {
  private Rows() {}

  /**
   * Root-mean-square norm: {@code out = in / sqrt(mean(in²) + epsilon) · weight}. {@code out} may
   * be {@code in}.
   */
  public static void rmsNorm(
      float[] in, int at, float[] weight, float epsilon, float[] out, int outAt) {
    int n = weight.length;
    float scale = (float) (1.0 / Math.sqrt(squares(in, at, n) / n + epsilon));
    for (int i = 0; i < n; i++) {
      out[outAt + i] = in[at + i] * scale * weight[i];
    }
  }

  /** {@code to += what}. */
  public static void add(float[] to, int at, float[] what, int whatAt, int length) {
    for (int i = 0; i < length; i++) {
      to[at + i] += what[whatAt + i];
    }
  }

  /** {@code to = from · factor}. */
  public static void scale(float[] from, int at, float factor, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] = from[at + i] * factor;
    }
  }

  /** The largest of {@code values[from .. to)}. */
  public static float max(float[] values, int from, int to) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      if (values[i] > max) {
        max = values[i];
      }
    }
    return max;
  }

  /**
   * The sum of {@code values[from .. to)}; both must be multiples of 4, and the element at index i
   * is added to part i mod 4, so that the sum depends on no more than the elements that are not 0.
   */
  public static float sumByFours(float[] values, int from, int to) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int i = from; i < to; i += 4) {
      a += values[i];
      b += values[i + 1];
      c += values[i + 2];
      d += values[i + 3];
    }
    return (a + b) + (c + d);
  }

  /** In four parts, since one chain of additions would wait for itself; n need not divide. */
  private static float squares(float[] v, int at, int n) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = 0;
    for (; i + 4 <= n; i += 4) {
      a = Math.fma(v[at + i], v[at + i], a);
      b = Math.fma(v[at + i + 1], v[at + i + 1], b);
      c = Math.fma(v[at + i + 2], v[at + i + 2], c);
      d = Math.fma(v[at + i + 3], v[at + i + 3], d);
    }
    for (; i < n; i++) {
      a = Math.fma(v[at + i], v[at + i], a);
    }
    return (a + b) + (c + d);
  }
}
