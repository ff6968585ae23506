package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;

/** A slice that is left out. */
enum NoopSlice implements TraceSlice {
  INSTANCE;

  @Override
  public boolean recording() {
    return false;
  }

  @Override
  public TraceSlice name(String name) {
    return this;
  }

  @Override
  public <T> TraceSlice set(AttributeKey<T> key, T value) {
    return this;
  }

  @Override
  public TraceSlice set(String key, long value) {
    return this;
  }

  @Override
  public TraceSlice set(String key, double value) {
    return this;
  }

  @Override
  public TraceSlice set(String key, boolean value) {
    return this;
  }

  @Override
  public TraceSlice set(String key, String value) {
    return this;
  }

  @Override
  public TraceSlice set(Attributes attributes) {
    return this;
  }

  @Override
  public TraceSlice event(String name, long ts, Attributes attributes) {
    return this;
  }

  @Override
  public TraceSlice link(TraceCarrier carrier) {
    return this;
  }

  @Override
  public TraceSlice replaceLink(TraceCarrier carrier) {
    return this;
  }

  @Override
  public void error(Throwable error) {}

  @Override
  public void error(String type, String message) {}

  @Override
  public void end() {}

  @Override
  public void end(long ts) {}

  @Override
  public TraceSlice next(String name) {
    return this;
  }
}
