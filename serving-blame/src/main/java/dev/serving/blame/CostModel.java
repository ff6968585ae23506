package dev.serving.blame;

import java.util.Arrays;

/** Learns from an engine's last {@value #MEMORY} steps what rows cost. One thread. */
final class CostModel {
  /** A step itself, a row of a prompt, a row of an answer, a pair of a row and what it attends. */
  static final int TERMS = 4;

  private static final int MEMORY = 2000;
  private static final double FAR = 3;

  private final LeastSquares squares = new LeastSquares(TERMS, MEMORY, FAR);
  private final double[] amounts = new double[TERMS];
  private Cost cost = Cost.BY_ROWS;

  /** What is known now. */
  Cost cost() {
    return cost;
  }

  /** Takes a step in; {@link #learn} makes use of it. */
  void observe(Step step) {
    double computed = StepSplit.computedNs(step);
    if (computed > 0) {
      squares.observe(amounts(step, amounts), computed);
    }
  }

  /** How much of each term there is in a step. */
  static double[] amounts(Step step, double[] into) {
    Arrays.fill(into, 0);
    into[0] = 1;
    for (int part = 0, parts = step.parts(); part < parts; part++) {
      long what = step.part(part);
      into[StepPart.prefill(what) ? 1 : 2] += StepPart.rows(what);
      into[3] += StepPart.attended(what);
    }
    return into;
  }

  /** What was observed counts from now on. */
  void learn() {
    squares.learn();
    if (squares.known()) {
      cost =
          new Cost(
              squares.cost(0), squares.cost(1), squares.cost(2), squares.cost(3), squares.fit());
    }
  }
}
