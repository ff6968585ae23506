package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * What a lane and a slice have in common: the lane's thread tells them things, without a lock,
 * until they have ended; what another thread says is counted and ignored.
 *
 * @param <S> which of the two it is
 */
abstract sealed class ThreadSpan<S extends TraceSpan<S>> extends SpanRecord
    permits RealLane, RealSlice {
  ThreadSpan(long spanId, long start, Attributes attributes) {
    super(spanId, start, attributes);
  }

  /** This, as what it is. */
  abstract S self();

  /** The lane that this is, or is on. */
  abstract RealLane lane();

  abstract RealReqContext request();

  /** Returns whether the calling thread may write to this now. */
  final boolean writable() {
    return lane().isMine(this) && isOpen();
  }

  @Override
  final RealTracing tracing() {
    return request().tracing();
  }

  @Override
  final long now() {
    return request().now();
  }

  public final boolean recording() {
    return isOpen();
  }

  public final Context context() {
    return request().contextFor(self(), getSpanContext());
  }

  public final <T> S set(AttributeKey<T> key, @Nullable T value) {
    if (writable()) {
      put(key, value);
    }
    return self();
  }

  public final S set(@Nullable Attributes attributes) {
    if (writable()) {
      putAll(attributes);
    }
    return self();
  }

  public final S event(CharSequence name, long ts, @Nullable Attributes attributes) {
    if (writable()) {
      add(TraceSpanName.of(name), request().time(ts), attributes);
    }
    return self();
  }

  public final S error(@Nullable Throwable error) {
    if (error != null && writable()) {
      failed(error);
    }
    return self();
  }

  public final S error(@Nullable String type, @Nullable String message) {
    if (writable()) {
      failed(type, message);
    }
    return self();
  }
}
