package dev.serving.blame;

import dev.serving.blame.Account.Alone;

/**
 * Learns what a request takes that has the server to itself, from steps and requests that shared
 * nothing with others: those of a busy server tell it too late, since what shares the cores makes
 * every hop longer. One thread.
 *
 * <p>A lone step is taken with all that lies between it and the one before: planning, the ranks'
 * work, handing it over and back. What else a request takes (until its first token, and after) is
 * learned by the length of its prompt. What comes of that is corrected by what it was off for the
 * last lone requests. A lone step has one row of an answer: what the further rows of a request with
 * several choices add, shared steps tell.
 */
final class LoneModel {
  private static final int STEPS = 1000;
  private static final int REQUESTS = 100;

  /** What took longer than that much of what was expected was held up by something else. */
  private static final double FAR = 1.5;

  private final LeastSquares prefill = new LeastSquares(CostModel.TERMS, REQUESTS, FAR);
  private final LeastSquares decode = new LeastSquares(CostModel.TERMS, STEPS, FAR);
  private final LeastSquares before = new LeastSquares(2, REQUESTS, FAR);
  private final LeastSquares after = new LeastSquares(2, REQUESTS, FAR);
  private final Calibration firsts = new Calibration();
  private final Calibration rests = new Calibration();
  private final double[] amounts = new double[CostModel.TERMS];
  private long lastKey;
  private long lastNumber = -1;
  private long lastCompletedNs;
  private int budget = 1;

  /** Takes a step in; those that are shared say only how many rows may be in one. */
  void observe(Step next) {
    CostModel.amounts(next, amounts);
    budget = Math.max(budget, (int) (amounts[1] + amounts[2]));
    if (next.parts() != 1) {
      lastNumber = -1;
      return;
    }
    long between = next.plannedNs() - lastCompletedNs;
    boolean held = between > next.completedNs() - next.plannedNs(); // its client did not read
    boolean goesOn = next.key(0) == lastKey && next.number() == lastNumber + 1 && !held;
    long from = goesOn ? lastCompletedNs : next.plannedNs();
    LeastSquares phase = amounts[1] > 0 ? prefill : decode; // few of the first, many of the other
    amounts[2] = 0; // as many rows as steps: what each costs cannot be told
    phase.observe(amounts, (double) (next.completedNs() - from));
    lastKey = next.key(0);
    lastNumber = next.number();
    lastCompletedNs = next.completedNs();
  }

  /** Steps that were observed count from now on. */
  void learn() {
    prefill.learn();
    decode.learn();
  }

  /** Takes a request in; one that shared steps says nothing. */
  void observe(OwnWork work, Account account) {
    if (work.lone() && account.firstToken() != null) {
      Cost cost = account.basis().cost();
      long first = servers(account.firstToken());
      long rest = servers(account.whole()) - first;
      if (known()) {
        firsts.observe((double) first, first(work));
        rests.observe((double) rest, rest(work, cost));
      }
      double[] by = {1, work.promptTokens()};
      before.observe(by, (double) (first - work.prefillSpanNs()));
      after.observe(by, (double) (rest - work.decodeSpanNs()));
      before.learn();
      after.learn();
    }
  }

  /** What a request would have taken alone. */
  Alone of(OwnWork work, Blame whole, Blame first, Cost cost) {
    if (!known() || !work.ran()) {
      return new Alone(whole.aloneNs(), first == null ? 0 : first.aloneNs(), false);
    }
    double firstNs = firsts.factor() * first(work);
    double wholeNs = firstNs + rests.factor() * rest(work, cost);
    return new Alone(most(whole, wholeNs), first == null ? 0 : most(first, firstNs), true);
  }

  private double first(OwnWork work) {
    return prefill.expect(work.prefill(budget)) + before.expect(1, work.promptTokens());
  }

  private double rest(OwnWork work, Cost cost) {
    double further = cost.byRows() ? 0 : cost.decodeRow() * work.furtherRows();
    return decode.expect(work.decode()) + further + after.expect(1, work.promptTokens());
  }

  private boolean known() {
    return prefill.known() && decode.known() && before.known();
  }

  /** Nobody is slower alone; what the client takes for itself it takes then, too. */
  private static long most(Blame blame, double serversNs) {
    long clients = blame.totalNs() - servers(blame);
    return Math.min(blame.totalNs(), Math.round(serversNs) + clients);
  }

  /** Without the client's own time. */
  private static long servers(Blame blame) {
    return blame.totalNs() - blame.ns(Cause.CLIENT_IN) - blame.ns(Cause.CLIENT_OUT);
  }
}
