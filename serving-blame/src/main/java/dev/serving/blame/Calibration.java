package dev.serving.blame;

import java.util.Arrays;

/**
 * By how much what was expected of the last requests was off: the median, so that one that
 * something held up does not count for more than another. Sums of steps are right on the average of
 * steps; what people ask for is a request. One thread.
 */
final class Calibration {
  private static final int MEMORY = 40;
  private static final int FEW = 5;

  private final double[] factors = new double[MEMORY];
  private int seen;

  /** Something took this long that was expected to take that long. */
  void observe(double measured, double expected) {
    if (expected > 0 && measured > 0) {
      factors[seen++ % MEMORY] = measured / expected;
    }
  }

  /** What an expectation is to be multiplied by; 1 as long as little was seen. */
  double factor() {
    if (seen < FEW) {
      return 1;
    }
    double[] sorted = Arrays.copyOf(factors, Math.min(seen, MEMORY));
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
