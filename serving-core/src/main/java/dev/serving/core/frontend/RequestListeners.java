package dev.serving.core.frontend;

import java.util.List;

/** Tells several listeners, in this order. */
final class RequestListeners implements RequestListener {
  private final List<RequestListener> listeners;

  RequestListeners(List<RequestListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void preprocessing(Generation generation) {
    listeners.forEach(l -> l.preprocessing(generation));
  }

  @Override
  public void dispatched(Generation generation, int promptTokens, int choices) {
    listeners.forEach(l -> l.dispatched(generation, promptTokens, choices));
  }

  @Override
  public void firstOutput(Generation generation) {
    listeners.forEach(l -> l.firstOutput(generation));
  }

  @Override
  public void prefilled(Generation generation, Choice choice) {
    listeners.forEach(l -> l.prefilled(generation, choice));
  }

  @Override
  public void tokens(Generation generation, int tokens, long sinceLastNanos) {
    listeners.forEach(l -> l.tokens(generation, tokens, sinceLastNanos));
  }

  @Override
  public void written(Generation generation) {
    listeners.forEach(l -> l.written(generation));
  }

  @Override
  public void accounted(Generation generation, Settled settled) {
    listeners.forEach(l -> l.accounted(generation, settled));
  }

  @Override
  public void ended(Generation generation, Outcome outcome) {
    listeners.forEach(l -> l.ended(generation, outcome));
  }
}
