package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SpanLimits;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A lane or slice as OpenTelemetry's current span: what foreign code says of it, it is told. Only
 * its owner names and ends it.
 */
final class CurrentSpan implements Span {
  private final TraceSpan<?> told;
  private final SpanContext context;
  private final SpanLimits limits;

  CurrentSpan(TraceSpan<?> told, SpanContext context, SpanLimits limits) {
    this.told = told;
    this.context = context;
    this.limits = limits;
  }

  /**
   * Returns a context in which the given span is current; where a bridge takes no span that it did
   * not make itself (the Java agent's does not), at least its ids are.
   */
  static Context in(Context around, Span span) {
    Context with = around.with(span);
    return Span.fromContext(with) == span ? with : around.with(Span.wrap(span.getSpanContext()));
  }

  /** Returns the calling thread's context if it is inside the same trace, else the given one. */
  static Context around(Context given) {
    Context current = Context.current();
    SpanContext here = Span.fromContext(current).getSpanContext();
    SpanContext there = Span.fromContext(given).getSpanContext();
    boolean inside = here.isValid() && here.getTraceId().equals(there.getTraceId());
    return inside ? current : given;
  }

  @Nullable Object stream() {
    return told instanceof SpanRecord own ? own.stream() : null;
  }

  @Override
  public <T> Span setAttribute(AttributeKey<T> key, @Nullable T value) {
    told.set(key, value);
    return this;
  }

  @Override
  public Span addEvent(String name, Attributes attributes) {
    told.event(name, 0, attributes);
    return this;
  }

  @Override
  public Span addEvent(String name, Attributes attributes, long ts, TimeUnit unit) {
    if (unit != null) {
      told.event(name, unit.toNanos(ts), attributes);
    }
    return this;
  }

  @Override
  public Span setStatus(StatusCode code, String description) {
    if (code == StatusCode.ERROR) {
      told.error(null, description);
    }
    return this;
  }

  @Override
  public Span recordException(Throwable exception, Attributes more) {
    if (exception != null) {
      told.event(ExceptionAttributes.EVENT, 0, ExceptionAttributes.of(exception, more, limits));
    }
    return this;
  }

  /** Does nothing: names are constant. */
  @Override
  public Span updateName(String name) {
    return this;
  }

  /** Does nothing: its owner ends it. */
  @Override
  public void end() {}

  /** Does nothing: its owner ends it. */
  @Override
  public void end(long ts, TimeUnit unit) {}

  @Override
  public SpanContext getSpanContext() {
    return context;
  }

  @Override
  public boolean isRecording() {
    return told.recording();
  }
}
