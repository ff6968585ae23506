package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.ReadableSpan;
import org.jspecify.annotations.Nullable;

/** A request's root span, by who has it. */
sealed interface Root permits Root.Own, Root.Inherited, Root.Remote, Root.Shared {
  /** What the root is told by; swallows it where the root is elsewhere. */
  Span span();

  /** Its ids, flags and tracestate. */
  SpanContext spanContext();

  /** Whether another process has the root: then there is nothing here to end but lanes. */
  default boolean elsewhere() {
    return false;
  }

  /** What the first slice of each thread links to; invalid for nothing. */
  default SpanContext before() {
    return SpanContext.getInvalid();
  }

  /** Makes room for a lane that begins at the given time; returns whether that moved the start. */
  default boolean growFrom(long ts) {
    return false;
  }

  /** Makes room for a lane that ends at the given time. */
  default void growTo(long ts) {}

  /** Makes the root reach a lane's end; returns that end, or the root's where that came before. */
  default long contain(long end) {
    return end;
  }

  /** The value of {@code stream} on it, which is handed on to what begins under it; or null. */
  default @Nullable Object stream() {
    return null;
  }

  /**
   * The value of {@code stream} on any span; null also where a span does not let itself be read.
   */
  static @Nullable Object streamOf(Span span) {
    if (span instanceof CurrentSpan current) {
      return current.stream();
    }
    if (span instanceof RootSpan root) {
      return root.stream();
    }
    AttributeKey<String> key = AttributeKey.stringKey(SpanRecord.STREAM);
    return span instanceof ReadableSpan readable ? readable.getAttribute(key) : null;
  }

  /** The request ends here. */
  void end(RealReqContext request, long ts, @Nullable Attributes attributes, @Nullable String why);

  /**
   * Began here, and ends with its request.
   *
   * @param room the span of a bootstrap room that this request was the first to name: it is above
   *     the root, and ends with it
   */
  record Own(RootSpan span, @Nullable RootSpan room) implements Root {
    @Override
    public SpanContext spanContext() {
      return span.getSpanContext();
    }

    @Override
    public boolean growFrom(long ts) {
      boolean grew = span.growFrom(ts);
      if (grew && room != null) {
        room.growFrom(ts);
      }
      return grew;
    }

    @Override
    public void growTo(long ts) {
      span.growTo(ts);
    }

    @Override
    public long contain(long end) {
      return span.contain(end);
    }

    @Override
    public @Nullable Object stream() {
      return span.stream();
    }

    @Override
    public void end(
        RealReqContext request, long ts, @Nullable Attributes attributes, @Nullable String why) {
      span.finish(ts, attributes, why);
      if (room != null) {
        room.finish(Math.max(ts, span.getEndEpochNanos()), null, null);
      }
    }
  }

  /** Somebody else's span of this process, who ends it; here it is only told. */
  record Inherited(Span span) implements Root {
    @Override
    public SpanContext spanContext() {
      return span.getSpanContext();
    }

    @Override
    public @Nullable Object stream() {
      return streamOf(span);
    }

    @Override
    public void end(
        RealReqContext request, long ts, @Nullable Attributes attributes, @Nullable String why) {
      request.set(attributes);
      if (why != null) {
        span.setAttribute(SpanRecord.TRUNCATED, true);
        span.setAttribute(SpanRecord.ABORT_REASON, why);
        span.setStatus(StatusCode.ERROR, why);
      }
    }
  }

  /** Another process's; this request is a copy. */
  record Remote(SpanContext spanContext, SpanContext before) implements Root {
    @Override
    public Span span() {
      return Span.getInvalid();
    }

    @Override
    public boolean elsewhere() {
      return true;
    }

    @Override
    public void end(
        RealReqContext request, long ts, @Nullable Attributes attributes, @Nullable String why) {}
  }

  /** That of the request whose choice this one is. */
  record Shared(RealReqContext parent) implements Root {
    private Root theirs() {
      return parent.root();
    }

    @Override
    public Span span() {
      return theirs().span();
    }

    @Override
    public SpanContext spanContext() {
      return theirs().spanContext();
    }

    @Override
    public boolean elsewhere() {
      return theirs().elsewhere();
    }

    @Override
    public SpanContext before() {
      return theirs().before();
    }

    @Override
    public boolean growFrom(long ts) {
      return theirs().growFrom(ts);
    }

    @Override
    public void growTo(long ts) {
      theirs().growTo(ts);
    }

    @Override
    public long contain(long end) {
      return theirs().contain(end);
    }

    @Override
    public @Nullable Object stream() {
      return theirs().stream();
    }

    @Override
    public void end(
        RealReqContext request, long ts, @Nullable Attributes attributes, @Nullable String why) {
      request.set(attributes);
      parent.forget(request);
    }
  }
}
