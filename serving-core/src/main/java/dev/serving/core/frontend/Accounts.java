package dev.serving.core.frontend;

import dev.serving.core.blame.Accountant;
import dev.serving.core.blame.RequestPath;
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
  void settle(Generation generation, RequestPath path, Consumer<BlameReport> then) {
    accountant.settle(path, account -> then.accept(BlameReport.of(generation, account, known)));
  }
}
