package dev.serving.core.blame;

import java.util.Arrays;

/**
 * The time that the ranks had a step, in weights of causes, as one sequence in it sees them. Used
 * anew for each step. One thread.
 *
 * <p>Between the first and the last of them ranks compute, wait for each other and stand still;
 * what is over went to handing the step to them and hearing them. Means over the ranks: right also
 * where they take turns in being late, which the slowest one's time would not be.
 */
final class StepSplit {
  private static final int CAUSES = Cause.values().length;

  private final double[] weights = new double[CAUSES];
  private double scale;

  /** The weight of each cause, by its ordinal; valid until the next {@link #of}. */
  double[] weights() {
    return weights;
  }

  /** Nanoseconds that a unit of {@link Cost} took in the step. */
  double scale() {
    return scale;
  }

  /**
   * Weighs a step.
   *
   * @param own which part asks
   */
  StepSplit of(Step step, int own, Cost cost) {
    Arrays.fill(weights, 0);
    double computed = computedNs(step);
    double waited = mean(step, Step::waitedNs);
    double paused = pausedNs(step);
    weights[Cause.STRAGGLER.ordinal()] = waited;
    weights[Cause.PAUSE.ordinal()] = paused;
    double held = (double) step.answeredNs() - step.sentNs();
    weights[Cause.DISPATCH.ordinal()] = Math.max(0, held - computed - waited - paused);
    share(step, own, cost, computed);
    return this;
  }

  private void share(Step step, int own, Cost cost, double computed) {
    double prefill = 0;
    double decode = 0;
    for (int part = 0, parts = step.parts(); part < parts; part++) {
      long what = step.part(part);
      if (part == own) {
        continue;
      } else if (StepPart.prefill(what)) {
        prefill += cost.part(what);
      } else {
        decode += cost.part(what);
      }
    }
    long mine = step.part(own);
    double itself = cost.step() + cost.part(mine);
    double expected = itself + prefill + decode;
    boolean explained = computed <= expected || cost.byRows();
    scale = explained && expected > 0 ? computed / expected : 1;
    Cause self = StepPart.again(mine) ? Cause.RECOMPUTE : Cause.OWN;
    weights[self.ordinal()] = scale * itself;
    weights[Cause.OTHERS_PREFILL.ordinal()] = scale * prefill;
    weights[Cause.OTHERS_DECODE.ordinal()] = scale * decode;
    weights[Cause.UNEXPLAINED.ordinal()] = explained ? 0 : computed - expected;
  }

  /** Nanoseconds that a rank computed in a step, on average. */
  static double computedNs(Step step) {
    return Math.max(0, mean(step, Step::busyNs) - pausedNs(step));
  }

  private static double pausedNs(Step step) {
    return mean(step, (s, rank) -> Math.min(s.pausedNs(rank), s.busyNs(rank)));
  }

  private static double mean(Step step, OfRank value) {
    double sum = 0;
    for (int rank = 0; rank < step.ranks(); rank++) {
      sum += value.of(step, rank);
    }
    return sum / step.ranks();
  }

  private interface OfRank {
    long of(Step step, int rank);
  }
}
