package dev.serving.blame;

import java.util.ArrayList;
import java.util.List;

/**
 * What an account rests on beside the request's path and its engine's steps.
 *
 * @param costs what the parts of steps were taken to cost, by the steps for which they were
 * @param lastStep the number of the last step that began before its engine let go of it; -1 where
 *     there is none
 */
public record Basis(List<Known> costs, long lastStep) {
  /** Copies. */
  public Basis {
    costs = List.copyOf(costs);
  }

  /**
   * What was known of the cost of steps.
   *
   * @param fromStep the number of the first step for which it was, until the next
   * @param cost of their parts
   */
  public record Known(long fromStep, Cost cost) {}

  static Basis of(RequestPath path, Ledger ledger) {
    List<Known> costs = new ArrayList<>();
    long last = -1;
    long left = path.leftNs();
    for (Page page : ledger.after(path.linkNs())) {
      if (path.engine() < 0 || page.firstNs() >= left) {
        break;
      }
      add(new Known(page.steps().number(), page.cost()), costs);
      last = Math.max(last, lastStep(page, left));
    }
    if (costs.isEmpty()) {
      costs.add(new Known(0, ledger.cost()));
    }
    return new Basis(costs, last);
  }

  /** The number of a page's last step that began before; only the last page is looked through. */
  private static long lastStep(Page page, long beforeNs) {
    if (page.lastPlannedNs() < beforeNs) {
      return page.lastNumber();
    }
    Step step = page.steps();
    long last = step.number();
    while (step.next() && step.plannedNs() < beforeNs) {
      last = step.number();
    }
    return last;
  }

  private static void add(Known next, List<Known> costs) {
    if (costs.isEmpty() || !costs.get(costs.size() - 1).cost().equals(next.cost())) {
      costs.add(next);
    }
  }

  /** What the last of the steps cost. */
  Cost cost() {
    return cost(Long.MAX_VALUE);
  }

  /** What a step cost. */
  Cost cost(long step) {
    Cost cost = Cost.BY_ROWS;
    for (Known known : costs) {
      cost = known.fromStep() <= step ? known.cost() : cost;
    }
    return cost;
  }
}
