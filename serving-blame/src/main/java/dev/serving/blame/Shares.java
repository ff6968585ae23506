package dev.serving.blame;

/**
 * Cuts whole nanoseconds into whole nanoseconds, by weights. What the pieces are in sum is exact;
 * each is less than one nanosecond off, since what is rounded is where they end.
 */
final class Shares {
  private Shares() {}

  /**
   * Adds to each place its share.
   *
   * @param ns at least 0
   * @param weights at least 0 each
   * @param into as long as the weights
   * @param rest the place that gets all when there is no weight
   */
  static void split(long ns, double[] weights, long[] into, int rest) {
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    if (!(total > 0)) {
      into[rest] += ns;
      return;
    }
    double sum = 0;
    long given = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) { // most have none
        sum += weights[i];
        long end = end(ns, sum, total);
        into[i] += end - given;
        given = end;
      }
    }
  }

  /** Where a piece ends whose weight and those before are {@code sum} of {@code total}. */
  static long end(long ns, double sum, double total) {
    return sum >= total ? ns : Math.min(ns, (long) (ns * (sum / total) + 0.5));
  }
}
