package dev.serving.blame;

import dev.serving.blame.RequestPath.ChoicePath;

/**
 * What a request had its engine compute, whoever shared the steps. What was computed again after a
 * preemption is left out: alone, nobody would have taken its blocks. One thread.
 */
final class OwnWork {
  private int promptTokens;
  private long prefillRows;
  private long decodeRows;
  private int decodeSteps;
  private double prefillAttended;
  private double decodeAttended;
  private int mostParts;
  private long costNs;
  private long plannedNs;
  private long prefilledNs;
  private long doneNs;

  private OwnWork() {}

  static OwnWork of(RequestPath path, Ledger ledger) {
    OwnWork work = new OwnWork();
    if (path.engine() >= 0) {
      path.choices().forEach(choice -> work.visit(choice, path, ledger));
    }
    return work;
  }

  private void visit(ChoicePath choice, RequestPath path, Ledger ledger) {
    long key = choice.key();
    long before = decodeRows;
    for (Page page : ledger.after(path.linkNs())) {
      if (page.firstNs() > path.endedNs()) {
        break;
      }
      Step step = page.steps();
      do {
        int own = step.indexOf(key);
        if (own >= 0) {
          costNs += share(step, own, page.cost());
          visit(step, step.part(own));
        }
      } while (step.next());
    }
    decodeSteps = Math.max(decodeSteps, (int) (decodeRows - before));
  }

  private void visit(Step step, long part) {
    mostParts = Math.max(mostParts, step.parts());
    plannedNs = plannedNs == 0 ? step.plannedNs() : plannedNs;
    doneNs = step.completedNs();
    int rows = StepPart.rows(part);
    if (StepPart.again(part)) {
      return;
    }
    if (StepPart.prefill(part)) {
      prefilledNs = step.completedNs();
      prefillRows += rows;
      prefillAttended += StepPart.attended(part);
      promptTokens = Math.max(promptTokens, StepPart.position(part) + rows);
    } else {
      decodeRows += rows;
      decodeAttended += StepPart.attended(part);
    }
  }

  private static long share(Step step, int own, Cost cost) {
    int parts = step.parts();
    double each = cost.step() / parts;
    double upTo = each * own + step.costBefore(own);
    double through = each * (own + 1) + step.costBefore(own + 1);
    double total = each * parts + step.costBefore(parts);
    long held = Math.max(0, step.answeredNs() - step.sentNs());
    return Shares.end(held, through, total) - Shares.end(held, upTo, total);
  }

  /**
   * Its share of the ranks' time, in nanoseconds. What any step costs is shared equally; the shares
   * of all in a step are the step, exactly.
   */
  long costNs() {
    return costNs;
  }

  /** Whether steps of it are known. */
  boolean ran() {
    return prefilledNs > 0;
  }

  /** Whether it ran, and no step of it had a part of anybody else. */
  boolean lone() {
    return ran() && mostParts == 1;
  }

  /** Tokens of its longest prompt. */
  int promptTokens() {
    return promptTokens;
  }

  /** From when its first step was planned until the one with the last of its prompt was done. */
  long prefillSpanNs() {
    return prefilledNs - plannedNs;
  }

  /** From then until its last step was done. */
  long decodeSpanNs() {
    return doneNs - prefilledNs;
  }

  /**
   * What it takes to compute the prompts in steps with nothing else, by {@link CostModel}'s terms.
   *
   * @param budget most rows of a step
   */
  double[] prefill(int budget) {
    double steps = Math.ceil((double) prefillRows / budget);
    return new double[] {steps, prefillRows, 0, prefillAttended};
  }

  /**
   * Likewise to compute the answers after their first tokens, all side by side, if a step took as
   * long with all their rows as with one.
   */
  double[] decode() {
    return new double[] {decodeSteps, 0, 0, decodeAttended};
  }

  /** Rows of the answers beyond the first of each step. */
  long furtherRows() {
    return decodeRows - decodeSteps;
  }
}
