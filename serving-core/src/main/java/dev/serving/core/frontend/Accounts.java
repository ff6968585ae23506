package dev.serving.core.frontend;

import dev.serving.blame.Accountant;
import dev.serving.blame.RequestPath;
import java.util.function.Consumer;

/**
 * Makes the accounts of requests that are over.
 *
 * @param accountant makes them
 * @param known knows the names
 */
record Accounts(Accountant accountant, KnownRequests known) {
  /**
   * Finds why a request took as long as it did.
   *
   * @param then is told, once, on the thread {@code blame}
   */
  void settle(Generation generation, RequestPath path, Consumer<Settled> then) {
    accountant.settle(path, account -> then.accept(Settled.of(generation, path, account, known)));
  }
}
