package dev.serving.blame;

import dev.serving.blame.RequestPath.Unread;
import java.util.List;

/**
 * The time of one sequence in its engine, step by step: each is what the next had to wait for. Any
 * moment between two of them belongs to one cause. One thread.
 */
final class EngineWalk {
  /** What a sequence does in an engine. */
  enum State {
    WAITING,
    RUNNING,
    PREEMPTED
  }

  private final Ledger ledger;
  private final long key;
  private final List<Unread> unread;
  private final StepSplit split = new StepSplit();
  private Tally tally;
  private State state;
  private long beneficiary;
  private long since;
  private long now;
  private long end;
  private long before;
  private long lastStep = -1;

  /**
   * Of the sequence with this number; what it was not computed while its client did not read is the
   * client's.
   */
  EngineWalk(Ledger ledger, long key, List<Unread> unread) {
    this.ledger = ledger;
    this.key = key;
    this.unread = unread;
  }

  /** When the engine took the sequence on; {@code from} when it never ran before {@code to}. */
  long queuedNs(long from, long to) {
    for (Page page : ledger.after(from)) {
      Step step = page.steps();
      do {
        long queued = step.queuedNs(key);
        if (queued != 0) {
          return queued;
        }
      } while (step.plannedNs() < to && step.next());
      if (page.firstNs() > to) {
        break;
      }
    }
    return from;
  }

  /** The number of the last step that the sequence was in; -1 when it was in none. */
  long lastStep() {
    return lastStep;
  }

  /**
   * Gives an interval to causes.
   *
   * @param begin when the sequence was in that state, at or before the interval; where it waits,
   *     since when
   * @param rest what is to blame for time of which there are no steps
   */
  void cover(long begin, State then, long from, long to, Cause rest, Tally into) {
    tally = into;
    state = then;
    since = begin;
    now = from;
    before = from;
    end = to;
    until(ledger.forgottenNs(), Cause.UNEXPLAINED);
    for (Page page : ledger.after(begin)) {
      if (now >= end) {
        break;
      }
      visit(page);
    }
    until(end, rest);
  }

  private void visit(Page page) {
    Step step = page.steps();
    do {
      if (step.completedNs() > since && step.plannedNs() < end) { // later ones held nobody up
        visit(step, page.cost());
        before = step.completedNs();
      }
    } while (now < end && step.next());
  }

  private void visit(Step step, Cost cost) {
    if (step.isUnknown()) {
      until(step.completedNs(), Cause.UNEXPLAINED);
      return;
    }
    long got = step.beneficiary(key);
    if (got != 0) {
      state = State.PREEMPTED;
      beneficiary = got;
    }
    int own = step.indexOf(key);
    if (own >= 0) {
      state = State.RUNNING;
      ran(step, own, cost);
    } else {
      passed(step);
    }
  }

  private void ran(Step step, int own, Cost cost) {
    lastStep = step.number();
    double paused = paused(step);
    scheduled(step.sentNs(), paused);
    long held = Math.min(step.answeredNs(), end) - now;
    if (held > 0) {
      tally.split(held, split.of(step, own, cost, pausedElsewhereNs(step)).weights());
      Neighbours.inStep(step, own, split, held, tally);
      now += held;
    }
    scheduled(step.completedNs(), paused);
  }

  /** What share of the scheduler's own time around a step its process stood still. */
  private double paused(Step step) {
    if (step.pausedNs() == 0) {
      return 0;
    }
    long all = schedulerNs(step);
    return all <= 0 ? 0 : Math.min(1, (double) step.pausedNs() / all);
  }

  /** What of it cannot have been then, but while the ranks had the step. */
  private long pausedElsewhereNs(Step step) {
    return Math.max(0, step.pausedNs() - Math.max(0, schedulerNs(step)));
  }

  private long schedulerNs(Step step) {
    return step.sentNs()
        - Math.min(before, step.plannedNs())
        + step.completedNs()
        - step.answeredNs();
  }

  private void scheduled(long to, double paused) {
    long nanos = pass(to);
    long still = paused == 0 ? 0 : Shares.end(nanos, paused, 1);
    tally.add(Cause.PAUSE, still);
    tally.add(Cause.SCHEDULE, nanos - still);
  }

  private void passed(Step step) {
    long nanos = pass(step.completedNs());
    if (nanos > 0) {
      Cause cause = cause(step);
      tally.add(cause, nanos);
      Neighbours.before(step, cause, nanos, beneficiary, tally);
    }
  }

  /** Goes on until then, or the end; how much of it was not its client's. */
  private long pass(long to) {
    long piece = Math.max(now, Math.min(to, end));
    long nanos = piece - now;
    long clients = unread.isEmpty() ? 0 : Math.min(nanos, unread(piece));
    tally.add(Cause.CLIENT_OUT, clients);
    now = piece;
    return nanos - clients;
  }

  private long unread(long until) {
    long waited = 0;
    for (Unread interval : unread) {
      waited += interval.within(now, until);
    }
    return waited;
  }

  private Cause cause(Step step) {
    return switch (state) {
      case RUNNING -> Cause.SKIPPED;
      case PREEMPTED -> Cause.PREEMPTED;
      case WAITING -> since > step.plannedNs() ? Cause.QUEUE_STEP : step.delay();
    };
  }

  private void until(long to, Cause cause) {
    tally.add(cause, pass(to));
  }
}
