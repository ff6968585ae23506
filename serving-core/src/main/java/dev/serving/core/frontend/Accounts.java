package dev.serving.core.frontend;

import dev.serving.blame.Account;
import dev.serving.blame.Accountant;
import dev.serving.blame.RequestPath;
import java.util.function.Consumer;

/**
 * Makes the reports of requests that are over.
 *
 * @param accountant makes the accounts
 * @param known knows the names
 */
record Accounts(Accountant accountant, KnownRequests known) {
  /**
   * Reports why a request took as long as it did.
   *
   * @param then is told, once, on the thread {@code blame}
   */
  void settle(Generation generation, RequestPath path, Consumer<Settled> then) {
    accountant.settle(
        path,
        account ->
            then.accept(new Settled(path, account, BlameReport.of(generation, account, known))));
  }

  /** A request's way, its account, and that with names. */
  record Settled(RequestPath path, Account account, BlameReport report) {}
}
