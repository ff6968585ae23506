package dev.serving.core.frontend;

import dev.serving.blame.StepKey;
import dev.serving.core.config.BlameLimits;
import dev.serving.trace.TraceCarrier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Requests that engines had lately, by their numbers in the ledgers: whoever is held up by one is
 * told its name. Bounded: the oldest are forgotten. Any thread.
 */
final class KnownRequests implements RequestListener {
  /** Whoever shared steps with a request whose account is kept should be among them. */
  private static final int MOST = 8 * BlameLimits.KEPT;

  private final Map<Long, Known> byKey =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Known> eldest) {
          return size() > MOST;
        }
      };

  @Override
  public void dispatched(Generation generation, int promptTokens, int choices) {
    TraceCarrier carrier = generation.trace().rootCarrier();
    for (Choice choice : generation.choices().all()) {
      Known known = new Known(choice.rid, generation.client(), choice.promptTokens, carrier);
      synchronized (byKey) {
        byKey.put(StepKey.of(choice.rid), known);
      }
    }
  }

  /** Who has this number; empty when it is not known any more. */
  Optional<Known> find(long key) {
    synchronized (byKey) {
      return Optional.ofNullable(byKey.get(key));
    }
  }

  /**
   * A choice of a request.
   *
   * @param rid its id
   * @param client whose it is
   * @param promptTokens how long its prompt is
   * @param carrier the request's trace
   */
  record Known(String rid, String client, int promptTokens, TraceCarrier carrier) {}
}
