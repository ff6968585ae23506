package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A slice that is left out; what hangs under it hangs under what is around it. */
final class NoopSlice implements TraceSlice {
  /** Around which there is nothing of ours. */
  static final NoopSlice NOWHERE = new NoopSlice(Context::current);

  private final Supplier<Context> around;

  NoopSlice(Supplier<Context> around) {
    this.around = around;
  }

  @Override
  public boolean recording() {
    return false;
  }

  @Override
  public Context context() {
    return around.get();
  }

  @Override
  public TraceSlice name(CharSequence name) {
    return this;
  }

  @Override
  public TraceSlice kind(@Nullable SpanKind kind) {
    return this;
  }

  @Override
  public <T> TraceSlice set(AttributeKey<T> key, @Nullable T value) {
    return this;
  }

  @Override
  public TraceSlice set(@Nullable Attributes attributes) {
    return this;
  }

  @Override
  public TraceSlice event(CharSequence name, long ts, @Nullable Attributes attributes) {
    return this;
  }

  @Override
  public TraceSlice link(@Nullable TraceCarrier carrier) {
    return this;
  }

  @Override
  public TraceSlice replaceLink(@Nullable TraceCarrier carrier) {
    return this;
  }

  @Override
  public TraceSlice error(@Nullable Throwable error) {
    return this;
  }

  @Override
  public TraceSlice error(@Nullable String type, @Nullable String message) {
    return this;
  }

  @Override
  public void end() {}

  @Override
  public void end(long ts) {}

  @Override
  public TraceSlice next(CharSequence name) {
    return this;
  }
}
