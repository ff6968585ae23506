package dev.serving.blame;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Steps of one engine that were kept elsewhere than in its frontend's ledger, perhaps not all: a
 * request is judged by them as it was there. Where some are not known, time is unexplained. One
 * thread.
 */
public final class KeptSteps {
  /** Stands for the step before an engine's first. */
  public static final long NO_STEP = Long.MIN_VALUE;

  private final List<Kept> steps = new ArrayList<>();

  private record Kept(long[] words, long beforeNs) {
    Step step() {
      return new Step(words);
    }
  }

  /**
   * What came of it.
   *
   * @param account the request's; {@link Account#alone} was not learned
   * @param tokens those of the choice that was over last, after its first
   * @param complete whether all steps that it waited for, or was in, are known; else some of its
   *     time may be unexplained that was not
   */
  public record Judgement(Account account, List<MadeToken> tokens, boolean complete) {}

  /**
   * Takes a step in, in any order; what is none is ignored.
   *
   * @param step one, as {@link StepBuffer#take} makes it
   * @param beforeNs when the step before it was completed, or {@link #NO_STEP}
   */
  public void add(byte[] step, long beforeNs) {
    long[] words = Page.read(step);
    if (words != null) {
      steps.add(new Kept(words, beforeNs));
    }
  }

  /**
   * Judges a request of the engine.
   *
   * @param basis what its account rested on
   */
  public Judgement judge(RequestPath path, Basis basis) {
    Ledger ledger = new Ledger(Long.MAX_VALUE);
    steps.sort(Comparator.comparingLong(kept -> kept.step().plannedNs()));
    boolean complete = true;
    long before = path.linkNs(); // what was before nobody asks
    long number = -1;
    for (Kept kept : steps) {
      Step step = kept.step();
      complete &= close(ledger, before, Math.min(kept.beforeNs(), path.leftNs()));
      ledger.keep(kept.words(), basis.cost(step.number()));
      before = Math.max(before, step.completedNs());
      number = step.number();
    }
    if (number < basis.lastStep()) {
      complete &= close(ledger, before, path.leftNs());
    }
    return new Judgement(Accounting.of(path, ledger, basis), TokenWalk.of(path, ledger), complete);
  }

  /** Says that there were other steps in between; returns whether there were none. */
  private static boolean close(Ledger ledger, long fromNs, long toNs) {
    if (toNs > fromNs) {
      ledger.keep(Step.unknown(fromNs, toNs), Cost.BY_ROWS);
    }
    return toNs <= fromNs;
  }
}
