package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.LinkData;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The root of a request that began here. As OpenTelemetry's {@link Span} it can be the current one,
 * so that foreign instrumentation adds to it and nests in it; only its request ends it. Several
 * threads write to it, hence the lock.
 */
final class RootSpan extends SpanRecord implements Span {
  private final Object lock = new Object();
  private final RealTracing tracing;
  private final SpanKind kind;
  private final SpanContext parent;
  private final SpanContext context;
  private final long clockAnchor;
  private String name;
  private @Nullable Chain<LinkData> links;
  private int droppedLinks;

  RootSpan(
      RealTracing tracing, TraceReqStart request, long start, SpanContext parent, SpanContext own) {
    super(TraceIds.number(own.getSpanId()), start, Attributes.empty());
    this.tracing = tracing;
    this.name = request.name();
    this.kind = request.kind();
    this.parent = parent;
    this.context = own;
    this.clockAnchor = tracing.clockAnchor();
  }

  /** Ends the root, once. */
  void finish(long ts, @Nullable Attributes attributes, @Nullable String abortReason) {
    synchronized (lock) {
      if (!claim()) {
        return;
      }
      putAll(attributes);
      if (abortReason != null) {
        put(TRUNCATED, true);
        put(ABORT_REASON, abortReason);
        fail(abortReason);
      }
      noteEnd(endAt(ts));
    }
    export(getEndEpochNanos());
  }

  /** Grows to the end of a child; returns it, or this span's own end if that has come. */
  long contain(long ts) {
    synchronized (lock) {
      if (isOpen()) {
        super.growTo(ts);
        return ts;
      }
      return Math.min(ts, getEndEpochNanos());
    }
  }

  @Override
  RealTracing tracing() {
    return tracing;
  }

  @Override
  long now() {
    return tracing.now(clockAnchor);
  }

  @Override
  String describe() {
    return "root " + Culprit.quoted(name);
  }

  @Override
  SpanContext rootContext() {
    return context;
  }

  @Override
  boolean growFrom(long ts) {
    synchronized (lock) {
      return isOpen() && super.growFrom(ts);
    }
  }

  @Override
  void growTo(long ts) {
    synchronized (lock) {
      if (isOpen()) {
        super.growTo(ts);
      }
    }
  }

  @Override
  public <T> Span setAttribute(AttributeKey<T> key, @Nullable T value) {
    synchronized (lock) {
      if (isOpen()) {
        put(key, value);
      }
    }
    return this;
  }

  @Override
  public Span setAllAttributes(Attributes attributes) {
    synchronized (lock) {
      if (isOpen()) {
        putAll(attributes);
      }
    }
    return this;
  }

  @Override
  public Span addEvent(String event, Attributes attributes) {
    return addEvent(event, attributes, now(), TimeUnit.NANOSECONDS);
  }

  @Override
  public Span addEvent(String event, Attributes attributes, long ts, TimeUnit unit) {
    synchronized (lock) {
      if (isOpen() && unit != null) {
        add(event, unit.toNanos(ts), attributes);
      }
    }
    return this;
  }

  @Override
  public Span addLink(SpanContext span, @Nullable Attributes attributes) {
    synchronized (lock) {
      if (!isOpen() || span == null || !span.isValid()) {
        return this;
      }
      if (Chain.count(links) < limits().getMaxNumberOfLinks()) {
        link(span, attributes == null ? Attributes.empty() : attributes);
      } else {
        droppedLinks++;
      }
    }
    return this;
  }

  private void link(SpanContext span, Attributes given) {
    try {
      Attributes kept = within(given, limits().getMaxNumberOfAttributesPerLink());
      links = Chain.append(links, LinkData.create(span, kept, given.size()));
    } catch (RuntimeException theirs) {
      unreadable(theirs);
    }
  }

  @Override
  public List<LinkData> getLinks() {
    return Chain.list(links);
  }

  @Override
  public int getTotalRecordedLinks() {
    return Chain.count(links) + droppedLinks;
  }

  @Override
  public Span setStatus(StatusCode code, String description) {
    synchronized (lock) {
      if (isOpen() && code == StatusCode.ERROR) {
        fail(description);
      }
    }
    return this;
  }

  @Override
  public Span recordException(Throwable exception, Attributes more) {
    return exception == null
        ? this
        : addEvent(ExceptionAttributes.EVENT, ExceptionAttributes.of(exception, more, limits()));
  }

  @Override
  public Span updateName(String newName) {
    synchronized (lock) {
      if (isOpen() && newName != null) {
        name = newName;
      }
    }
    return this;
  }

  /** Does nothing: the request ends its root. */
  @Override
  public void end() {}

  /** Does nothing: the request ends its root. */
  @Override
  public void end(long ts, TimeUnit unit) {}

  @Override
  public boolean isRecording() {
    return isOpen();
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public SpanKind getKind() {
    return kind;
  }

  @Override
  public SpanContext getParentSpanContext() {
    return parent;
  }
}
