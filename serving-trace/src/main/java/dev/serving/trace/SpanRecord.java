package dev.serving.trace;

import dev.serving.trace.export.NotedSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A span from its start to its export: the same object is written while the work goes on, and read
 * by the exporter after.
 *
 * <p>One thread at a time writes. Whoever {@linkplain #claim claims} the end has the span to itself
 * and hands it on, so that it is exported once, also when a request is finished on one thread while
 * another still works for it.
 */
abstract sealed class SpanRecord implements SpanData, NotedSpan permits RootSpan, ThreadSpan {
  /** The description of a status that says no more than that. */
  static final String CUT_SHORT = "cut short";

  static final AttributeKey<Boolean> TRUNCATED = AttributeKey.booleanKey("truncated");
  static final AttributeKey<String> ABORT_REASON = AttributeKey.stringKey("abort_reason");

  /** An attribute that is handed on to the spans begun under the one that has it. */
  static final String STREAM = "stream";

  private static final VarHandle CLAIMED;

  static {
    try {
      CLAIMED = MethodHandles.lookup().findVarHandle(SpanRecord.class, "claimed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long spanId;
  private long start;
  private long latest;
  private long end;
  private Attributes attributes;
  private @Nullable Chain<EventData> events;
  private int droppedEvents;
  private StatusData status = StatusData.unset();
  private @Nullable SpanContext context;
  private int entry; // in the journal; 0 while it is not noted there

  private boolean hasStream; // and not its value: a slice would be eight bytes larger

  @SuppressWarnings("UnusedVariable") // by CLAIMED
  private volatile boolean claimed;

  SpanRecord(long spanId, long start, Attributes attributes) {
    this.spanId = spanId;
    this.start = start;
    this.attributes = attributes;
  }

  abstract RealTracing tracing();

  /** The time by the request's clock. */
  abstract long now();

  /** What a line of the log calls this. */
  abstract String describe();

  /** The root span's context, which says trace id, flags and tracestate of all below it. */
  abstract SpanContext rootContext();

  final long spanId() {
    return spanId;
  }

  final boolean isOpen() {
    return !claimed;
  }

  /** Returns true to the one caller that may end this span. */
  final boolean claim() {
    return !claimed && CLAIMED.compareAndSet(this, false, true);
  }

  /** Makes room for a child that starts at the given time. */
  boolean growFrom(long ts) {
    if (ts >= start) {
      return false;
    }
    start = ts;
    if (entry != 0) {
      tracing().journal().starts(entry, ts);
    }
    return true;
  }

  /** Makes room for a child that ends at the given time. */
  void growTo(long ts) {
    if (ts > latest) {
      latest = ts;
    }
  }

  /** The latest time that this span knows of: its own start, or the end of a child. */
  final long latest() {
    return Math.max(start, latest);
  }

  /** Returns the end that this span gets if it ends at the given time. */
  final long endAt(long ts) {
    return Math.max(ts, latest());
  }

  /** Notes the span in the journal, before anything refers to it. */
  final void note() {
    if (entry == 0) {
      entry = tracing().journal().note(this);
    }
  }

  @Override
  public final void settled() {
    if (entry != 0) {
      tracing().journal().forget(entry);
    }
  }

  /** Hands the span on, by the one who claimed it and is the only one to write to it. */
  final void export(long ts) {
    noteEnd(ts);
    tracing().export(this);
  }

  /** Notes where this span ends, before it, or a copy in its place, is exported. */
  final void noteEnd(long ts) {
    end = ts;
    if (entry != 0) {
      tracing().journal().ends(entry, ts);
    }
  }

  /** Returns whether it is known where this span ends. */
  final boolean endNoted() {
    return end != 0;
  }

  final void put(AttributeKey<?> key, @Nullable Object value) {
    if (key != null && value != null) {
      hasStream |= STREAM.equals(key.getKey());
      ownAttributes().put(key, value, limits());
    }
  }

  private RecordedAttributes ownAttributes() {
    if (attributes instanceof RecordedAttributes own) {
      return own;
    }
    RecordedAttributes own = RecordedAttributes.of(attributes);
    attributes = own;
    return own;
  }

  /** The value of {@code stream}, or null. */
  final @Nullable Object stream() {
    if (!hasStream) {
      return null;
    }
    Object text = attributes.get(AttributeKey.stringKey(STREAM));
    return text != null ? text : attributes.get(AttributeKey.booleanKey(STREAM));
  }

  /** Takes over {@code stream} from what this begins under; null is nothing. */
  final void handOn(@Nullable Object handed) {
    if (handed instanceof String) {
      put(AttributeKey.stringKey(STREAM), handed);
    } else if (handed instanceof Boolean) {
      put(AttributeKey.booleanKey(STREAM), handed);
    }
  }

  /** The attributes are the caller's object: what it throws is counted, not let out. */
  final void putAll(@Nullable Attributes more) {
    try {
      if (more != null && !more.isEmpty()) {
        more.forEach(this::put);
      }
    } catch (RuntimeException theirs) {
      unreadable(theirs);
    }
  }

  final void add(@Nullable String name, long ts, @Nullable Attributes more) {
    if (Chain.count(events) >= limits().getMaxNumberOfEvents()) {
      droppedEvents++;
      return;
    }
    try {
      Attributes given = more == null ? Attributes.empty() : more;
      Attributes kept = within(given, limits().getMaxNumberOfAttributesPerEvent());
      EventData event = EventData.create(ts, name == null ? "" : name, kept, given.size());
      events = Chain.append(events, event);
    } catch (RuntimeException theirs) {
      unreadable(theirs);
    }
  }

  final Attributes within(Attributes given, int most) {
    return RecordedAttributes.within(given, most, limits().getMaxAttributeValueLength());
  }

  /** It was cut short, which is always an error; the description of an earlier one stays. */
  final void cutShort() {
    put(TRUNCATED, true);
    if (status.getStatusCode() != StatusCode.ERROR) {
      fail(CUT_SHORT);
    }
  }

  final void unreadable(RuntimeException theirs) {
    tracing()
        .fault(
            TraceFault.UNREADABLE_VALUE,
            () -> "attributes of " + describe() + " threw " + ExceptionAttributes.type(theirs));
  }

  final void fail(@Nullable String description) {
    status = StatusData.create(StatusCode.ERROR, description == null ? "" : description);
  }

  final void failed(@Nullable String type, @Nullable String message) {
    fail(message);
    put(ExceptionAttributes.ERROR_TYPE, type);
  }

  final void failed(Throwable error) {
    failed(ExceptionAttributes.type(error), ExceptionAttributes.message(error));
    add(ExceptionAttributes.EVENT, now(), ExceptionAttributes.of(error, limits()));
  }

  final SpanLimits limits() {
    return tracing().limits();
  }

  @Override
  public SpanKind getKind() {
    return SpanKind.INTERNAL;
  }

  @Override
  public final SpanContext getSpanContext() {
    if (context == null) {
      SpanContext root = rootContext();
      context =
          SpanContext.create(
              root.getTraceId(),
              SpanId.fromLong(spanId),
              root.getTraceFlags(),
              root.getTraceState());
    }
    return context;
  }

  @Override
  public final StatusData getStatus() {
    return status;
  }

  @Override
  public final long getStartEpochNanos() {
    return start;
  }

  @Override
  public final long getEndEpochNanos() {
    return end;
  }

  @Override
  public final boolean hasEnded() {
    return claimed;
  }

  @Override
  public final Attributes getAttributes() {
    return attributes;
  }

  @Override
  public final int getTotalAttributeCount() {
    return attributes instanceof RecordedAttributes own ? own.total() : attributes.size();
  }

  @Override
  public final List<EventData> getEvents() {
    return Chain.list(events);
  }

  @Override
  public final int getTotalRecordedEvents() {
    return Chain.count(events) + droppedEvents;
  }

  @Override
  public List<LinkData> getLinks() {
    return List.of();
  }

  @Override
  public int getTotalRecordedLinks() {
    return getLinks().size();
  }

  @Override
  public final InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return RealTracing.SCOPE;
  }

  @Override
  @SuppressWarnings("deprecation")
  public final io.opentelemetry.sdk.common.InstrumentationLibraryInfo
      getInstrumentationLibraryInfo() {
    return RealTracing.LIBRARY;
  }

  @Override
  public final Resource getResource() {
    return tracing().resource();
  }
}
