package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What a request, a lane and a slice have in common: each is a span that can be told things, and be
 * made OpenTelemetry's current one. Nothing here throws.
 *
 * @param <S> which of the three it is; what it returns is itself
 */
public sealed interface TraceSpan<S extends TraceSpan<S>>
    permits TraceReqContext, TraceThreadContext, TraceSlice {
  /** Returns whether what is told to this goes anywhere; false once it has ended. */
  boolean recording();

  /** Sets an attribute, replacing one of the same key; a null value is ignored. */
  <T> S set(AttributeKey<T> key, @Nullable T value);

  /** Sets all of the given attributes; null is none. */
  S set(@Nullable Attributes attributes);

  // Nothing must be made for a span that nobody records: hence the question before the key.

  /** Sets a number. */
  default S set(String key, long value) {
    return recording() ? set(AttributeKey.longKey(key), value) : set((Attributes) null);
  }

  /** Sets a number. */
  default S set(String key, double value) {
    return recording() ? set(AttributeKey.doubleKey(key), value) : set((Attributes) null);
  }

  /** Sets a truth value. */
  default S set(String key, boolean value) {
    return recording() ? set(AttributeKey.booleanKey(key), value) : set((Attributes) null);
  }

  /** Sets a text; null is ignored. */
  default S set(String key, @Nullable String value) {
    return recording() ? set(AttributeKey.stringKey(key), value) : set((Attributes) null);
  }

  /** Adds an event now. */
  default S event(CharSequence name) {
    return event(name, 0, null);
  }

  /** Adds an event at the given time, 0 for now; null attributes are none. */
  S event(CharSequence name, long ts, @Nullable Attributes attributes);

  /** Marks this as failed: status ERROR, an exception event and {@code error.type}. */
  S error(@Nullable Throwable error);

  /** Marks this as failed: status ERROR with the message, and {@code error.type}. */
  S error(@Nullable String type, @Nullable String message);

  /**
   * Returns an OpenTelemetry context whose current span is this one, for instrumentation that is
   * not ours; what it does nests in this, and to end it does nothing. Holds besides what the
   * calling thread's current context does if that is of the same trace, else what the request began
   * with. Where nothing is recorded, the context that came in.
   */
  Context context();

  /**
   * Makes {@link #context} the calling thread's current one until the scope is closed, so that a
   * call of a database, a log line or an observation belongs to this.
   */
  @SuppressWarnings("MustBeClosedChecker") // of this method's caller
  default Scope makeCurrent() {
    return context().makeCurrent();
  }
}
