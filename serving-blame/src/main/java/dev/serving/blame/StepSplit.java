package dev.serving.blame;

import java.util.Arrays;

/**
 * The time that the ranks had a step, in weights of causes, as one sequence in it sees them. Used
 * anew for each step. One thread.
 *
 * <p>A step is seen as by the rank that waited longest for the others: what it computed is what the
 * step takes where none is late, its waiting is what the late one cost, the rest went to handing
 * the step over and hearing the answers. Where ranks take turns in being late each has waited as
 * long as any. Where the late one stood still for its collector, the others waited for that.
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
   * @param pausedNs how long the engine's process stood still meanwhile, besides what ranks say
   */
  StepSplit of(Step step, int own, Cost cost, long pausedNs) {
    Arrays.fill(weights, 0);
    int rank = waiting(step);
    int late = slowest(step);
    double computed = computedNs(step);
    double waited = step.waitedNs(rank);
    double itsPause = rank == late ? 0 : Math.min(waited, (double) step.pausedNs(late));
    double paused = step.busyNs(rank) - computed + itsPause;
    weights[Cause.STRAGGLER.ordinal()] = waited - itsPause;
    double held = (double) step.answeredNs() - step.sentNs();
    double dispatch = Math.max(0, held - step.busyNs(rank) - waited);
    double meanwhile = Math.min(dispatch, (double) pausedNs);
    weights[Cause.PAUSE.ordinal()] = paused + meanwhile;
    weights[Cause.DISPATCH.ordinal()] = dispatch - meanwhile;
    share(step, own, cost, computed);
    return this;
  }

  private void share(Step step, int own, Cost cost, double computed) {
    double prefill = step.promptsCost(own);
    double decode = step.answersCost(own);
    double itself = cost.step() + step.cost(own);
    double expected = itself + prefill + decode;
    boolean explained = computed <= expected || cost.byRows();
    scale = explained && expected > 0 ? computed / expected : 1;
    Cause self = StepPart.again(step.part(own)) ? Cause.RECOMPUTE : Cause.OWN;
    weights[self.ordinal()] = scale * itself;
    weights[Cause.OTHERS_PREFILL.ordinal()] = scale * prefill;
    weights[Cause.OTHERS_DECODE.ordinal()] = scale * decode;
    weights[Cause.UNEXPLAINED.ordinal()] = explained ? 0 : computed - expected;
  }

  /** Nanoseconds that the rank computed that waited longest for the others. */
  static double computedNs(Step step) {
    int rank = waiting(step);
    return Math.max(0, step.busyNs(rank) - step.pausedNs(rank));
  }

  /** The rank that waited longest for the others. */
  private static int waiting(Step step) {
    int longest = 0;
    for (int rank = 1; rank < step.ranks(); rank++) {
      longest = step.waitedNs(rank) > step.waitedNs(longest) ? rank : longest;
    }
    return longest;
  }

  /** The rank that the others waited for: the one that waited least. */
  static int slowest(Step step) {
    int slowest = 0;
    for (int rank = 1; rank < step.ranks(); rank++) {
      slowest = step.waitedNs(rank) < step.waitedNs(slowest) ? rank : slowest;
    }
    return slowest;
  }
}
