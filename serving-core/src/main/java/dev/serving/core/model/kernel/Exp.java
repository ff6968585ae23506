package dev.serving.core.model.kernel;

/**
 * A fast exponential, exact to about 1e-7 of its value. {@link VectorKernels} does the same
 * operations on lanes, so that both give the same bits.
 */
final class Exp {
  static final float LOW = -87.0f;
  static final float HIGH = 88.0f;
  static final float LOG2_E = 1.442695f;

  /** Adding it rounds to a whole number, which is then in the low bits. */
  static final float ROUND = 12582912.0f;

  static final float LN2_HIGH = -0.693359375f;
  static final float LN2_LOW = 2.1219444e-4f;
  static final float C2 = 0.5f;
  static final float C3 = 0.16666667f;
  static final float C4 = 0.041666668f;
  static final float C5 = 0.008333334f;
  static final float C6 = 0.0013888889f;

  private Exp() {}

  static float exp(float v) {
    float x = Math.max(LOW, Math.min(HIGH, v));
    float shifted = Math.fma(x, LOG2_E, ROUND);
    float whole = shifted - ROUND;
    float r = Math.fma(whole, LN2_LOW, Math.fma(whole, LN2_HIGH, x));
    float p = Math.fma(r, C6, C5);
    p = Math.fma(r, p, C4);
    p = Math.fma(r, p, C3);
    p = Math.fma(r, p, C2);
    p = Math.fma(r, p, 1.0f);
    p = Math.fma(r, p, 1.0f);
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
  }

  static float silu(float v) {
    return v / (1.0f + exp(-v));
  }
}
