package dev.serving.blame;

import dev.serving.blame.Account.Alone;
import dev.serving.blame.Account.WorstToken;
import dev.serving.blame.EngineWalk.State;
import dev.serving.blame.RequestPath.ChoicePath;
import dev.serving.blame.RequestPath.Gap;
import dev.serving.blame.RequestPath.Token;

/**
 * Makes a request's account of its path and its engine's ledger. What it returns depends on nothing
 * else.
 *
 * <p>An interval is walked along the path and cut where it begins and ends, so its causes sum to it
 * whatever the clocks say: one that is off moves time between neighbours.
 */
final class Accounting {
  private final RequestPath path;
  private final Ledger ledger;
  private final OwnWork work;

  private Accounting(RequestPath path, Ledger ledger) {
    this.path = path;
    this.ledger = ledger;
    this.work = OwnWork.of(path, ledger);
  }

  static Account of(RequestPath path, Ledger ledger) {
    return of(path, ledger, Basis.of(path, ledger));
  }

  /** As {@link #of}, by a ledger whose steps were taken to cost what is said. */
  static Account of(RequestPath path, Ledger ledger, Basis basis) {
    return new Accounting(path, ledger).account(basis);
  }

  /** As {@link #of}; a request that had its engine to itself, and was read, is learned from. */
  static Account settle(RequestPath path, Ledger ledger) {
    Accounting accounting = new Accounting(path, ledger);
    Account account = accounting.account(Basis.of(path, ledger));
    if (path.unread().isEmpty()) {
      ledger.lone().observe(accounting.work, account);
    }
    return account;
  }

  private Account account(Basis basis) {
    Blame whole = whole();
    Blame first = firstToken();
    Alone alone = ledger.lone().of(work, whole, first, basis.cost());
    return new Account(whole, first, worst(), alone, work.costNs(), basis);
  }

  /** The chain of the choice that was over last, and of the answer's last byte. */
  private Blame whole() {
    Tally tally = new Tally();
    Cut cut = new Cut(path.beganNs(), path.endedNs(), tally);
    prepared(cut);
    ChoicePath last = path.overLast();
    if (last != null) {
      arrived(cut, last, last.end());
    }
    cut.until(path.concludedNs(), Cause.FRONTEND);
    cut.until(path.writtenNs(), Cause.CLIENT_OUT);
    cut.until(path.endedNs(), Cause.FRONTEND);
    return tally.blame();
  }

  private Blame firstToken() {
    ChoicePath first = path.answeredFirst();
    if (first == null) {
      return null;
    }
    Token token = first.first();
    Tally tally = new Tally();
    Cut cut = new Cut(path.beganNs(), token.takenNs(), tally);
    prepared(cut);
    arrived(cut, first, token);
    return tally.blame();
  }

  private void prepared(Cut cut) {
    cut.until(path.readNs(), Cause.CLIENT_IN);
    cut.until(path.workNs(), Cause.FRONTEND_QUEUE);
    cut.until(path.submittedNs(), Cause.FRONTEND);
    cut.until(path.linkNs(), Cause.FRONTEND_QUEUE);
  }

  private void arrived(Cut cut, ChoicePath choice, Token token) {
    if (path.engine() >= 0) {
      long left = token.leftNs();
      EngineWalk walk = new EngineWalk(ledger, choice.key(), path.unread());
      long queued = walk.queuedNs(path.linkNs(), left);
      cut.until(Math.min(queued, left), Cause.TRANSPORT);
      Cause rest = token.sentNs() == 0 ? Cause.ENGINE_LOST : Cause.SCHEDULE;
      cut.engine(walk, queued, State.WAITING, left, rest);
      cut.until(token.heardNs(), Cause.TRANSPORT);
    }
    cut.until(token.takenNs(), Cause.FRONTEND_QUEUE);
  }

  private WorstToken worst() {
    ChoicePath choice = path.longestGap();
    if (choice == null) {
      return null;
    }
    Gap gap = choice.worst();
    Token token = gap.token();
    Tally tally = new Tally();
    EngineWalk walk = new EngineWalk(ledger, choice.key(), path.unread());
    Cut cut = new Cut(gap.before().takenNs(), token.takenNs(), tally);
    cut.engine(walk, gap.before().sentNs(), State.RUNNING, token.sentNs(), Cause.SCHEDULE);
    cut.until(token.heardNs(), Cause.TRANSPORT);
    cut.until(token.takenNs(), Cause.FRONTEND_QUEUE);
    return new WorstToken(token.index(), walk.lastStep(), tally.blame());
  }

  /** An interval that is given to causes from its beginning on. */
  private static final class Cut {
    private final long end;
    private final Tally tally;
    private long now;

    Cut(long from, long to, Tally tally) {
      now = from;
      end = to;
      this.tally = tally;
    }

    void until(long to, Cause cause) {
      long piece = Math.min(to, end);
      if (piece > now) {
        tally.add(cause, piece - now);
        now = piece;
      }
    }

    void engine(EngineWalk walk, long since, State state, long to, Cause rest) {
      long piece = Math.min(to, end);
      if (piece > now) {
        walk.cover(since, state, now, piece, rest, tally);
        now = piece;
      }
    }
  }
}
