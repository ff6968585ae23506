package dev.serving.core.frontend;

import java.util.List;

/**
 * Hears what happens to requests for text. Metrics and the lifecycle log are listeners; the workers
 * know neither. Called by whatever thread it happens on; must neither block nor throw.
 */
interface RequestListener {
  /** The body is a valid request; making tokens of it begins. */
  default void preprocessing(Generation generation) {}

  /** An engine link has the request. */
  default void dispatched(Generation generation, int promptTokens, int choices) {}

  /** The first output of any choice is here; making text of it begins. */
  default void firstOutput(Generation generation) {}

  /** A choice's first output is here: its prompt is prefilled, and how much was cached is known. */
  default void prefilled(Generation generation, Choice choice) {}

  /**
   * Tokens of one choice are here.
   *
   * @param tokens how many came together, without those behind a stop string
   * @param sinceLastNanos time since the choice's tokens before, or below 0 for its first, and for
   *     those that came late since the client did not read
   */
  default void tokens(Generation generation, int tokens, long sinceLastNanos) {}

  /** The answer's last byte was written, or its client is gone. */
  default void written(Generation generation) {}

  /** All is over, and why it took so long is known; {@link #ended} follows. */
  default void accounted(Generation generation, Settled settled) {}

  /** All is over. */
  default void ended(Generation generation, Outcome outcome) {}

  /** Tells several listeners, in this order. */
  static RequestListener all(List<RequestListener> listeners) {
    return new RequestListeners(listeners);
  }
}
