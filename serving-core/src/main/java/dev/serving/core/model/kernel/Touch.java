package dev.serving.core.model.kernel;

/**
 * Reads memory for no other reason than to have it in a cache.
 *
 * <p>A tile that multiplies several rows with weights straight from memory waits for each line
 * alone, at half the speed that the memory has. Reading the panel first, one element a line and
 * nothing else, runs at full speed: decode at batch 8 gained a half by it.
 */
final class Touch {
  /** Above so many rows the first pass over a panel no longer matters. */
  private static final int MOST_ROWS = 64;

  private static final int LINE_BYTES = 64;

  private Touch() {}

  /** Whether touching pays: one row is better streamed, many rows are bound by arithmetic. */
  static boolean pays(int batch) {
    return batch > 1 && batch <= MOST_ROWS;
  }

  /** Reads a part of an array; the sum is for C2, which would drop loads that nothing needs. */
  static int read(int[] from, int at, int length) {
    int sum = 0;
    for (int i = at; i < at + length; i += LINE_BYTES / Integer.BYTES) {
      sum += from[i];
    }
    return sum;
  }

  /** The same for floats. */
  static int read(float[] from, int at, int length) {
    float sum = 0;
    for (int i = at; i < at + length; i += LINE_BYTES / Float.BYTES) {
      sum = Math.max(sum, from[i]);
    }
    return (int) sum;
  }

  /** The same for bytes. */
  static int read(byte[] from, int at, int length) {
    int sum = 0;
    for (int i = at; i < at + length; i += LINE_BYTES) {
      sum += from[i];
    }
    return sum;
  }
}
