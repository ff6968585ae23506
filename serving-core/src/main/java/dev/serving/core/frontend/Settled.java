package dev.serving.core.frontend;

import dev.serving.blame.Account;
import dev.serving.blame.RequestPath;

/**
 * A request that is over: its way, its account, and on demand the report of both. Most requests are
 * never asked about, and to find the names of who held one up is a good part of its account's cost.
 * Any thread.
 */
final class Settled {
  private final RequestPath path;
  private final Account account;
  private final ReportedRequest request;
  private final KnownRequests known;
  private BlameReport report; // whoever does not see it yet makes the same one

  private Settled(RequestPath path, Account account, ReportedRequest request, KnownRequests known) {
    this.path = path;
    this.account = account;
    this.request = request;
    this.known = known;
  }

  /** What is on a trace is made at once: later it would hold up who makes text. */
  static Settled of(Generation generation, RequestPath path, Account account, KnownRequests known) {
    Settled settled = new Settled(path, account, ReportedRequest.of(generation), known);
    if (generation.trace().recording()) {
      settled.report();
    }
    return settled;
  }

  RequestPath path() {
    return path;
  }

  Account account() {
    return account;
  }

  /** Whose request it was. */
  ReportedRequest request() {
    return request;
  }

  /** Its account with names, as far as they are known still. */
  BlameReport report() {
    BlameReport made = report;
    if (made == null) {
      made = BlameReport.of(request, account, known);
      report = made;
    }
    return made;
  }
}
