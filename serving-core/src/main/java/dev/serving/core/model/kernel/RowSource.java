package dev.serving.core.model.kernel;

/**
 * Where a matrix's rows come from while it is packed. Several threads read at once, each its own
 * rows.
 */
public interface RowSource {
  /** Reads rows as floats, {@code columns} apart, to the start of {@code into}. */
  void floats(int firstRow, int count, float[] into);

  /**
   * Reads rows as bf16, two columns in an int (the even one in the low half), {@code columns / 2}
   * ints a row, to the start of {@code into}. Values that bf16 cannot hold are rounded to nearest
   * even.
   */
  void bf16Pairs(int firstRow, int count, int[] into);

  /** Two columns in an int, the even one in the low half. */
  static int bf16Pair(float even, float odd) {
    return bf16(even) | bf16(odd) << 16;
  }

  /** A bf16 number from a float's bits, rounded to nearest even; a NaN stays one. */
  static int bf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return bits >>> 16 | 0x40;
    }
    return (bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16;
  }
}
