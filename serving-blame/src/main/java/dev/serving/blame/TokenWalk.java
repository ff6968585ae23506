package dev.serving.blame;

import dev.serving.blame.EngineWalk.State;
import dev.serving.blame.RequestPath.ChoicePath;
import dev.serving.blame.RequestPath.Unread;
import java.util.ArrayList;
import java.util.List;

/** Finds the steps that made a choice's tokens. One thread. */
final class TokenWalk {
  private final Ledger ledger;
  private final long key;
  private final List<Unread> unread;
  private final List<MadeToken> tokens = new ArrayList<>();
  private boolean begun;
  private long beforeNs;
  private boolean prompted; // of a prompt's steps the last makes a token
  private long promptNs;
  private long promptStep;

  private TokenWalk(Ledger ledger, long key, List<Unread> unread) {
    this.ledger = ledger;
    this.key = key;
    this.unread = unread;
  }

  /** Tokens of the choice that was over last, after its first. */
  static List<MadeToken> of(RequestPath path, Ledger ledger) {
    ChoicePath choice = path.overLast();
    return choice == null ? List.of() : of(choice, path, ledger);
  }

  private static List<MadeToken> of(ChoicePath choice, RequestPath path, Ledger ledger) {
    TokenWalk walk = new TokenWalk(ledger, choice.key(), path.unread());
    for (Page page : ledger.after(path.linkNs())) {
      Step step = page.steps();
      do {
        walk.visit(step);
      } while (step.next());
    }
    walk.endPrompt();
    return walk.tokens;
  }

  private void visit(Step step) {
    int own = step.indexOf(key);
    if (own < 0) {
      return;
    }
    if (StepPart.prefill(step.part(own))) {
      prompted = true;
      promptNs = step.completedNs();
      promptStep = step.number();
    } else {
      endPrompt();
      made(step.number(), step.completedNs());
    }
  }

  private void endPrompt() {
    if (prompted) {
      made(promptStep, promptNs);
      prompted = false;
    }
  }

  private void made(long step, long ns) {
    if (begun) {
      Tally tally = new Tally();
      new EngineWalk(ledger, key, unread)
          .cover(beforeNs, State.RUNNING, beforeNs, ns, Cause.SCHEDULE, tally);
      tokens.add(new MadeToken(step, beforeNs, ns, tally.blame()));
    }
    begun = true;
    beforeNs = ns;
  }
}
