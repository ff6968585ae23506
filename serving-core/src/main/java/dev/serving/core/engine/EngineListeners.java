package dev.serving.core.engine;

import dev.serving.core.message.FinishReason;
import dev.serving.core.message.SpanCounts;
import dev.serving.core.message.TracingLevels;
import dev.serving.trace.TraceCarrier;
import java.util.List;
import java.util.Optional;

/** Tells several listeners, in this order. */
final class EngineListeners implements EngineListener {
  private final List<EngineListener> listeners;

  EngineListeners(List<EngineListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void queued(String rid, TraceCarrier carrier, int promptTokens, int queueLength) {
    listeners.forEach(l -> l.queued(rid, carrier, promptTokens, queueLength));
  }

  @Override
  public void delayed(String rid, Delay cause) {
    listeners.forEach(l -> l.delayed(rid, cause));
  }

  @Override
  public void scheduled(String rid, long step, int batchSize, int position, int cachedTokens) {
    listeners.forEach(l -> l.scheduled(rid, step, batchSize, position, cachedTokens));
  }

  @Override
  public void dispatched(String rid) {
    listeners.forEach(l -> l.dispatched(rid));
  }

  @Override
  public void stepStarted(long step, List<String> rids) {
    listeners.forEach(l -> l.stepStarted(step, rids));
  }

  @Override
  public void chunk(String rid, int tokens) {
    listeners.forEach(l -> l.chunk(rid, tokens));
  }

  @Override
  public void firstToken(String rid) {
    listeners.forEach(l -> l.firstToken(rid));
  }

  @Override
  public void token(String rid) {
    listeners.forEach(l -> l.token(rid));
  }

  @Override
  public void preempted(String rid, String reason) {
    listeners.forEach(l -> l.preempted(rid, reason));
  }

  @Override
  public void paused(String rid) {
    listeners.forEach(l -> l.paused(rid));
  }

  @Override
  public void resumed(String rid) {
    listeners.forEach(l -> l.resumed(rid));
  }

  @Override
  public void finished(
      String rid, FinishReason reason, int promptTokens, int outputTokens, String error) {
    listeners.forEach(l -> l.finished(rid, reason, promptTokens, outputTokens, error));
  }

  @Override
  public void step(StepRecord step) {
    listeners.forEach(l -> l.step(step));
  }

  /** The carrier of the one among them that makes spans. */
  @Override
  public TraceCarrier carrier(String rid) {
    return listeners.stream()
        .map(l -> l.carrier(rid))
        .filter(carrier -> !carrier.isNone())
        .findFirst()
        .orElse(TraceCarrier.none());
  }

  @Override
  public void tracing(TracingLevels levels) {
    listeners.forEach(l -> l.tracing(levels));
  }

  /** The counts of the one among them that makes spans. */
  @Override
  public Optional<SpanCounts> spans() {
    return listeners.stream().flatMap(l -> l.spans().stream()).findFirst();
  }
}
