package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** A lane that records nothing; it still hands on the carrier and the context of its request. */
final class NoopLane implements TraceThreadContext {
  /** Of a request with which nothing came in. */
  static final NoopLane OFF = new NoopLane(TraceCarrier.none(), null);

  private final TraceCarrier carrier;
  private final @Nullable Context context;
  private final NoopSlice slice;

  /**
   * @param context what came in with the request, null for nothing
   */
  NoopLane(TraceCarrier carrier, @Nullable Context context) {
    this.carrier = carrier;
    this.context = context;
    this.slice = context == null ? NoopSlice.NOWHERE : new NoopSlice(this::context);
  }

  @Override
  public TraceCarrier carrier() {
    return carrier;
  }

  @Override
  public Context context() {
    return context == null ? Context.current() : CurrentSpan.around(context);
  }

  @Override
  public boolean recording() {
    return false;
  }

  @Override
  public TraceSlice slice(CharSequence name, TraceLevel level, long ts) {
    return slice;
  }

  @Override
  public TraceSlice anonymous(long ts) {
    return slice;
  }

  @Override
  public TraceSlice report(
      CharSequence name, long startNs, long endNs, @Nullable Attributes attributes) {
    return slice;
  }

  @Override
  public void previous(@Nullable TraceCarrier previous) {}

  @Override
  public <T> TraceThreadContext set(AttributeKey<T> key, @Nullable T value) {
    return this;
  }

  @Override
  public TraceThreadContext set(@Nullable Attributes attributes) {
    return this;
  }

  @Override
  public TraceThreadContext event(CharSequence name, long ts, @Nullable Attributes attributes) {
    return this;
  }

  @Override
  public TraceThreadContext error(@Nullable Throwable error) {
    return this;
  }

  @Override
  public TraceThreadContext error(@Nullable String type, @Nullable String message) {
    return this;
  }

  @Override
  public void truncate(long ts) {}

  @Override
  public void finish(long ts) {}
}
