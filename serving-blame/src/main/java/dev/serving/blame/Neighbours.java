package dev.serving.blame;

/** Who shared a step, or ran while somebody waited, and what each of them made it take. */
final class Neighbours {
  private Neighbours() {}

  /**
   * Of a step that a sequence was in.
   *
   * @param own its part
   * @param split the step, as that sequence sees it
   * @param nanos how much of the time that the ranks had the step is looked at
   */
  static void inStep(Step step, int own, StepSplit split, long nanos, Tally tally) {
    double share = (double) nanos / Math.max(1, step.answeredNs() - step.sentNs());
    double scale = split.scale() * share;
    for (int part = 0, parts = step.parts(); part < parts; part++) {
      if (part != own) {
        long what = step.part(part);
        Cause cause = StepPart.prefill(what) ? Cause.OTHERS_PREFILL : Cause.OTHERS_DECODE;
        double took = step.cost(part) * scale;
        tally.culprit(cause, step.key(part), took, StepPart.rows(what));
      }
    }
    double lost = split.weights()[Cause.STRAGGLER.ordinal()] * share;
    if (lost > 0) {
      tally.culprit(Cause.STRAGGLER, StepSplit.slowest(step), lost, 0);
    }
  }

  /**
   * Of a step that a sequence was not in.
   *
   * @param cause why it was not
   * @param beneficiary who got the blocks that it lost; when that one is over, and where it gave up
   *     its own since there were none for itself, it waits for all who hold some
   */
  static void before(Step step, Cause cause, long nanos, long beneficiary, Tally tally) {
    if (cause == Cause.PREEMPTED && step.indexOf(beneficiary) >= 0) {
      tally.culprit(cause, beneficiary, (double) nanos, 0);
      return;
    }
    double total = 0;
    int parts = step.parts();
    for (int part = 0; part < parts; part++) {
      total += weight(cause, step, part);
    }
    for (int part = 0; part < parts && total > 0; part++) {
      long what = step.part(part);
      int amount = amount(cause, what);
      double took = nanos * weight(cause, step, part) / total;
      tally.culprit(cause, step.key(part), took, amount);
    }
  }

  private static int amount(Cause cause, long part) {
    return switch (cause) {
      case QUEUE_BLOCKS -> StepPart.blocks(part);
      case PREEMPTED -> 0;
      default -> StepPart.rows(part);
    };
  }

  private static double weight(Cause cause, Step step, int part) {
    return switch (cause) {
      case QUEUE_BLOCKS, PREEMPTED -> StepPart.blocks(step.part(part));
      case QUEUE_SEQUENCES -> 1;
      case QUEUE_STEP -> step.cost(part);
      default -> StepPart.rows(step.part(part));
    };
  }
}
