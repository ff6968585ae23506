package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * A lane that is recorded. Its thread alone starts and ends slices, without a lock; another thread
 * that finishes the request takes what is still open from it, piece by piece, by {@link #claim}.
 */
final class RealLane extends ThreadSpan<TraceThreadContext> implements TraceThreadContext {
  private static final byte STAGE = (byte) TraceLevel.numberOf(TraceLevel.STAGES);

  private final RealReqContext request;
  private final ThreadInfo info;
  private final boolean extra;
  private final Thread owner = Thread.currentThread();
  private @Nullable RealSlice top;
  private long previousId;
  private @Nullable SpanContext previous;
  private @Nullable NoopSlice leftOut;

  /**
   * @param extra whether the thread asked for a lane beside the one it is found by
   */
  RealLane(RealReqContext request, ThreadInfo info, long start, boolean extra) {
    super(info.ids().spanId(), start, info.ofLane());
    this.request = request;
    this.info = info;
    this.extra = extra;
  }

  boolean belongsTo(Thread thread) {
    return owner == thread && !extra;
  }

  boolean isExtra() {
    return extra;
  }

  /** What a request keeps this lane under; by its thread it is found. */
  Object key() {
    return extra ? this : owner;
  }

  /** Returns whether the calling thread may use this lane or a slice of it; counts it if not. */
  boolean isMine(SpanRecord used) {
    if (owner == Thread.currentThread()) {
      return true;
    }
    tracing()
        .fault(
            TraceFault.FOREIGN_THREAD,
            () -> "%s belongs to thread '%s'".formatted(used.describe(), owner.getName()));
    return false;
  }

  @Override
  String describe() {
    return "lane " + Culprit.quoted(getName()) + " of " + request.name();
  }

  @Override
  TraceThreadContext self() {
    return this;
  }

  @Override
  RealLane lane() {
    return this;
  }

  @Override
  RealReqContext request() {
    return request;
  }

  long nextSpanId() {
    return info.ids().spanId();
  }

  long threadId() {
    return owner.getId();
  }

  @Nullable RealSlice top() {
    return top;
  }

  SpanContext contextOf(long spanId) {
    SpanContext root = rootContext();
    return SpanContext.create(
        root.getTraceId(), SpanId.fromLong(spanId), root.getTraceFlags(), root.getTraceState());
  }

  /** Links the first slice to this; an invalid context is none. */
  void startAfter(SpanContext span) {
    if (span.isValid()) {
      previousId = 0;
      previous = span;
    }
  }

  @Override
  SpanContext rootContext() {
    return request.rootContext();
  }

  @Override
  boolean growFrom(long ts) {
    return super.growFrom(ts) && request.growFrom(ts);
  }

  @Override
  public TraceSlice slice(CharSequence name, TraceLevel level, long ts) {
    if (!writable()) {
      return NoopSlice.NOWHERE;
    }
    int number = TraceLevel.numberOf(level);
    return number > request.level()
        ? leftOut()
        : push(TraceSpanName.of(name), (byte) number, request.time(ts));
  }

  @Override
  public TraceSlice anonymous(long ts) {
    return writable() ? push(null, STAGE, request.time(ts)) : NoopSlice.NOWHERE;
  }

  private NoopSlice leftOut() {
    if (leftOut == null) {
      leftOut = new NoopSlice(this::inside);
    }
    return leftOut;
  }

  private Context inside() {
    RealSlice slice = top;
    return slice == null ? context() : slice.context();
  }

  /** Starts a slice, on the lane's own thread while the lane is open. */
  RealSlice push(@Nullable String name, byte level, long ts) {
    RealSlice slice = new RealSlice(this, top, name, level, ts);
    if (top == null) {
      link(slice);
      slice.handOn(stream() == null ? request.root().stream() : stream());
      growFrom(ts);
      slice.note();
    } else {
      slice.handOn(top.stream());
      top.note();
      makeRoom(top, ts);
    }
    top = slice;
    return slice;
  }

  private void link(RealSlice slice) {
    if (previousId != 0) {
      slice.previous(previousId);
    } else if (previous != null) {
      slice.previous(previous);
    }
  }

  private void makeRoom(RealSlice around, long ts) {
    RealSlice at = around;
    while (at != null && at.growFrom(ts)) {
      at = at.parent();
    }
    if (at == null) {
      growFrom(ts);
    }
  }

  /** Ends a slice of this lane, and the open ones nested in it, by the lane's own thread. */
  void end(RealSlice slice, long ts) {
    long end = notBefore(slice, ts);
    for (RealSlice inner = top; inner != slice && inner != null; inner = inner.parent()) {
      inner.cutShort();
      end = close(inner, end);
    }
    close(slice, end);
    top = slice.parent();
    if (top == null) {
      previousId = slice.spanId();
    }
  }

  /**
   * Ends one slice; returns its end, which a slice around it must reach too.
   *
   * <p>Whoever finishes the request first claims the lane, then looks how far it has grown. So
   * either it sees that the lane has grown to this end, or this sees that the lane is closed.
   */
  private long close(RealSlice slice, long ts) {
    long end = slice.endAt(ts);
    if (slice.parent() != null) {
      slice.parent().growTo(end);
    }
    growTo(end);
    if (slice.claim()) {
      if (isOpen()) {
        slice.export(end);
      } else {
        exportLate(slice, end);
      }
    }
    return end;
  }

  /** Exports a slice that outlived its lane by a moment, moved into what was ended around it. */
  private void exportLate(RealSlice slice, long end) {
    long latest;
    synchronized (request.lock()) { // whoever ended the lane has left it when this is entered
      SpanRecord around =
          slice.parent() != null && slice.parent().endNoted() ? slice.parent() : this;
      latest = around.getEndEpochNanos();
    }
    slice.growFrom(latest);
    slice.export(Math.min(end, latest));
  }

  @Override
  public TraceSlice report(
      CharSequence name, long startNs, long endNs, @Nullable Attributes attributes) {
    TraceSlice slice = slice(name, startNs).set(attributes);
    slice.end(endNs);
    return slice;
  }

  @Override
  public TraceCarrier carrier() {
    return request.carrier(isMine(this) ? lastSpan() : SpanContext.getInvalid());
  }

  /** The outermost open slice, else the last closed one, else what came in. */
  SpanContext lastSpan() {
    RealSlice outermost = outermost();
    if (outermost != null) {
      return outermost.getSpanContext();
    }
    if (previousId != 0) {
      return contextOf(previousId);
    }
    return previous == null ? SpanContext.getInvalid() : previous;
  }

  @Override
  public void previous(@Nullable TraceCarrier carrier) {
    if (writable() && request.usable(carrier)) {
      startAfter(tracing().previous(carrier, request.rid()));
    }
  }

  @Override
  public void truncate(long ts) {
    if (writable()) {
      cutShort();
      finish(ts);
    }
  }

  @Override
  public void finish(long ts) {
    if (writable()) {
      finishHere(notBefore(this, request.time(ts)), null);
    }
  }

  private long notBefore(SpanRecord ended, long ts) {
    if (ts < ended.getStartEpochNanos()) {
      tracing().fault(TraceFault.NEGATIVE_DURATION, ended::describe);
    }
    return ts;
  }

  private void finishHere(long ts, @Nullable String abortReason) {
    if (top != null) {
      RealSlice outermost = outermost();
      outermost.cutShort();
      end(outermost, ts);
      cutShort();
    }
    if (claim()) {
      if (abortReason != null) {
        put(ABORT_REASON, abortReason);
      }
      long end = request.contain(endAt(ts));
      growFrom(end);
      export(end);
      request.ended(this, end);
    }
  }

  /**
   * Ends the lane because its request ends, whatever thread that happens on.
   *
   * @param abortReason what the lane must say for want of a root here, or null
   */
  void finishWithRequest(long ts, @Nullable String abortReason) {
    if (owner == Thread.currentThread()) {
      finishHere(ts, abortReason);
      return;
    }
    synchronized (request.lock()) {
      if (!claim()) {
        return;
      }
      cut(ts, abortReason);
    }
    request.ended(this, getEndEpochNanos());
  }

  private void cut(long ts, @Nullable String abortReason) {
    boolean cut = false;
    long end = ts;
    for (RealSlice slice = top; slice != null; slice = slice.parent()) {
      if (slice.claim()) {
        end = slice.endAt(end);
        slice.noteEnd(end);
        tracing().export(CutSpan.of(slice, end, null));
        cut = true;
      }
    }
    end = endAt(end);
    noteEnd(end);
    tracing().export(cut ? CutSpan.of(this, end, abortReason) : CutSpan.whole(this, end));
  }

  private @Nullable RealSlice outermost() {
    RealSlice slice = top;
    while (slice != null && slice.parent() != null) {
      slice = slice.parent();
    }
    return slice;
  }

  @Override
  public String getName() {
    return info.laneName();
  }

  @Override
  public SpanContext getParentSpanContext() {
    return rootContext();
  }

  @Override
  public String toString() {
    RealSlice slice = top;
    return getName() + (slice == null ? "" : ": " + slice.getName());
  }
}
