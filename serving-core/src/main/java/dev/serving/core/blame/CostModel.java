package dev.serving.core.blame;

/**
 * Learns from steps what rows cost: least squares of each step's relative error, over steps of
 * which the last {@value #MEMORY} count most. No cost is below 0. One thread.
 *
 * <p>Sums are kept, not steps. Relative errors, so that a few long prompts do not decide what a
 * short answer costs, and a step that something held up counts for little.
 */
final class CostModel {
  private static final int MEMORY = 2000;
  private static final double FORGET = 1 - 1.0 / MEMORY;
  private static final int FEW = 20;
  private static final int SIZE = 4;

  private final double[][] squares = new double[SIZE][SIZE];
  private final double[] products = new double[SIZE];
  private final double[] features = new double[SIZE];
  private double steps;
  private Cost cost = Cost.BY_ROWS;

  /** What is known now. */
  Cost cost() {
    return cost;
  }

  /** Takes a step in; {@link #learn} makes use of it. */
  void observe(Step step) {
    double computed = StepSplit.computedNs(step);
    if (computed <= 0) {
      return;
    }
    features[0] = 1 / computed;
    features[1] = 0;
    features[2] = 0;
    features[3] = 0;
    for (int part = 0, parts = step.parts(); part < parts; part++) {
      long what = step.part(part);
      features[StepPart.prefill(what) ? 1 : 2] += StepPart.rows(what) / computed;
      features[3] += StepPart.attended(what) / computed;
    }
    add();
  }

  private void add() {
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) {
        squares[i][j] = FORGET * squares[i][j] + features[i] * features[j];
      }
      products[i] = FORGET * products[i] + features[i];
    }
    steps = FORGET * steps + 1;
  }

  /** Finds the costs that describe the steps best: of the choices of costs above 0 the best one. */
  void learn() {
    if (steps < FEW) {
      return;
    }
    double best = Double.POSITIVE_INFINITY;
    double[] found = new double[SIZE];
    for (int used = 1; used < 1 << SIZE; used++) {
      double[] costs = Equations.solve(squares, products, used);
      double error = costs == null ? best : error(costs);
      if (error < best) {
        best = error;
        found = costs;
      }
    }
    double fit = Math.max(0, 1 - Math.sqrt(Math.max(0, best) / steps));
    cost = new Cost(found[0], found[1], found[2], found[3], fit);
  }

  /** The sum of squares of the relative errors. */
  private double error(double[] costs) {
    double error = steps;
    for (int i = 0; i < SIZE; i++) {
      error -= 2 * costs[i] * products[i];
      for (int j = 0; j < SIZE; j++) {
        error += costs[i] * squares[i][j] * costs[j];
      }
    }
    return error;
  }
}
