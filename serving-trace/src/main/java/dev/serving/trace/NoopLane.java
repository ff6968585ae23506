package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;

/** A lane that records nothing; it still hands on the carrier of its request. */
record NoopLane(TraceCarrier carrier) implements TraceThreadContext {
  static final NoopLane OFF = new NoopLane(TraceCarrier.none());

  @Override
  public boolean recording() {
    return false;
  }

  @Override
  public TraceSlice slice(String name, int level, long ts) {
    return NoopSlice.INSTANCE;
  }

  @Override
  public TraceSlice anonymous(long ts) {
    return NoopSlice.INSTANCE;
  }

  @Override
  public TraceSlice report(String name, long startNs, long endNs, Attributes attributes) {
    return NoopSlice.INSTANCE;
  }

  @Override
  public void previous(TraceCarrier carrier) {}

  @Override
  public TraceThreadContext event(String name, long ts, Attributes attributes) {
    return this;
  }

  @Override
  public TraceThreadContext attributes(Attributes attributes) {
    return this;
  }

  @Override
  public void truncate(long ts) {}

  @Override
  public void finish(long ts) {}
}
