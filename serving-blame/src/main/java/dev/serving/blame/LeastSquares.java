package dev.serving.blame;

/**
 * Learns what a sum's terms cost from sums that were measured: least squares of each sum's relative
 * error, over the last ones. No cost is below 0. One thread.
 *
 * <p>What is kept are a few sums, not what was observed. Errors are relative to what was expected,
 * not to what was measured: else short times would count for more than long ones, and the costs
 * would be too low. A time far above what was expected counts as a few times that, so that what
 * held one up does not make all others look dear.
 */
final class LeastSquares {
  private static final int FEW = 20;

  /** Of many sums a few more say nothing new: costs are found anew for so small a part of them. */
  private static final int PART = 20;

  private final int size;
  private final double far;
  private final double keep;
  private final double[][] squares;
  private final double[] products;
  private double[] costs;
  private double total;
  private double seen;
  private double errors;
  private double judged;
  private int fresh;

  /**
   * Knows nothing yet.
   *
   * @param size how many terms a sum has
   * @param memory how many of the last sums count most
   * @param far how many times what was expected a sum counts at most
   */
  LeastSquares(int size, int memory, double far) {
    this.size = size;
    this.far = far;
    keep = 1 - 1.0 / memory;
    squares = new double[size][size];
    products = new double[size];
  }

  /** Whether there was enough to learn from. */
  boolean known() {
    return costs != null;
  }

  /** What a unit of a term costs; 0 before anything is {@link #known}. */
  double cost(int term) {
    return known() ? costs[term] : 0;
  }

  /** 1 less the mean relative error of what was expected, each before it was learned from. */
  double fit() {
    return judged == 0 ? 0 : Math.max(0, 1 - errors / judged);
  }

  /** What a sum of so much of each term is expected to be. */
  double expect(double... amounts) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += cost(i) * amounts[i];
    }
    return sum;
  }

  /** A sum of so much of each term was this; {@link #learn} makes use of it. */
  void observe(double[] amounts, double measured) {
    double expected = expect(amounts);
    double unit = expected > 0 ? expected : measured;
    if (!(unit > 0)) {
      return;
    }
    double value = Math.min(measured, far * unit);
    if (expected > 0) {
      errors = keep * errors + Math.min(1, Math.abs(value - expected) / expected);
      judged = keep * judged + 1;
    }
    add(amounts, value / unit, unit);
  }

  private void add(double[] amounts, double value, double unit) {
    for (int i = 0; i < size; i++) {
      double amount = amounts[i] / unit;
      for (int j = 0; j <= i; j++) {
        squares[i][j] = keep * squares[i][j] + amount * (amounts[j] / unit);
        squares[j][i] = squares[i][j];
      }
      products[i] = keep * products[i] + amount * value;
    }
    total = keep * total + value * value;
    seen = keep * seen + 1;
    fresh++;
  }

  /** Finds the costs that describe the sums best: of the choices of costs above 0 the best one. */
  void learn() {
    if (seen < FEW || fresh < seen / PART) {
      return;
    }
    fresh = 0;
    double[] all = Equations.solve(squares, products, (1 << size) - 1);
    costs =
        all == null ? bestOfSome() : all; // where no cost is below 0, nothing is better than all
    if (judged == 0) { // until there is something better to judge by
      judged = seen;
      errors = Math.sqrt(Math.max(0, error(costs)) * seen);
    }
  }

  private double[] bestOfSome() {
    double best = Double.POSITIVE_INFINITY;
    double[] found = new double[size];
    for (int used = 1; used < (1 << size) - 1; used++) {
      double[] some = Equations.solve(squares, products, used);
      double error = some == null ? best : error(some);
      if (error < best) {
        best = error;
        found = some;
      }
    }
    return found;
  }

  /** The sum of squares of the relative errors. */
  private double error(double[] some) {
    double error = total;
    for (int i = 0; i < size; i++) {
      error -= 2 * some[i] * products[i];
      for (int j = 0; j < size; j++) {
        error += some[i] * squares[i][j] * some[j];
      }
    }
    return error;
  }
}
