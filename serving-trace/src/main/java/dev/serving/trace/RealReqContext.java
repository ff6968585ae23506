package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A request that is recorded: where it began, a copy of it elsewhere, or one of its choices.
 *
 * <p>The lists of lanes and of choices are replaced under the lock and read without it.
 */
final class RealReqContext implements TraceReqContext {
  private static final RealReqContext[] NO_CHILDREN = {};

  private final Object lock = new Object();
  private final RealTracing tracing;
  private final String rid;
  private final int level;
  private final long start;
  private final Context context;
  private final Span root;
  private final TraceCarrier joined;
  private final RealReqContext parent;
  private final LaneList lanes = new LaneList();
  private volatile RealReqContext[] children = NO_CHILDREN;
  private volatile SpanContext lastSpan = SpanContext.getInvalid();
  private volatile long finishedAt;
  private volatile int spoke = -1;
  private volatile Runnable whenEnded = () -> {};

  /**
   * @param context has the root as its current span: a {@link RootSpan}, or somebody else's
   * @param joined what a copy came from, else none
   * @param parent whose choice this is, or null
   */
  RealReqContext(
      RealTracing tracing,
      String rid,
      int level,
      long start,
      Context context,
      TraceCarrier joined,
      RealReqContext parent) {
    this.tracing = tracing;
    this.rid = rid;
    this.level = level;
    this.start = start;
    this.context = context;
    this.root = Span.fromContext(context);
    this.joined = joined;
    this.parent = parent;
  }

  RealTracing tracing() {
    return tracing;
  }

  SpanContext rootContext() {
    return root.getSpanContext();
  }

  long start() {
    return start;
  }

  /** Sets what is done when the request, or the last lane of a copy, has ended. */
  void whenEnded(Runnable action) {
    whenEnded = action;
  }

  /** Returns whether there is something that must be ended one day. */
  boolean isOpen() {
    return finishedAt == 0 && (!isCopy() || !lanes.isEmpty());
  }

  /** Where in the wheel this is, -1 for nowhere; only for {@link OpenRequests}. */
  int spoke() {
    return spoke;
  }

  void spoke(int index) {
    spoke = index;
  }

  boolean isCopy() {
    return !joined.isNone();
  }

  /** Returns whether the calling thread has no lane any more: its last one has ended. */
  boolean mayReopen() {
    return lanes.had(Thread.currentThread()) && openLane() == null;
  }

  @Override
  public String rid() {
    return rid;
  }

  @Override
  public Optional<TraceInfo> info() {
    SpanContext span = rootContext();
    return Optional.of(new TraceInfo(span.getTraceId(), span.getSpanId()));
  }

  @Override
  public boolean recording() {
    return finishedAt == 0;
  }

  @Override
  public int level() {
    return level;
  }

  @Override
  public Context context() {
    return context;
  }

  @Override
  public TraceThreadContext lane(long ts) {
    RealLane open = openLane();
    return open != null ? open : open(ts, false);
  }

  @Override
  public TraceThreadContext newLane(long ts) {
    return open(ts, true);
  }

  /** Returns the calling thread's lane if it is open, else null. */
  RealLane openLane() {
    return lanes.of(Thread.currentThread());
  }

  private TraceThreadContext open(long ts, boolean extra) {
    ThreadInfo info = tracing.thread();
    boolean leftOut = info.rank() > 0 && level < 2;
    if (leftOut || !recording()) {
      return new NoopLane(carrier(joined.previous()));
    }
    RealLane lane = new RealLane(this, info, tracing.time(ts), extra);
    lane.startAfter(joined.previous());
    lane.note();
    if (!add(lane)) {
      lane.settled();
      return new NoopLane(carrier(joined.previous()));
    }
    growFrom(lane.getStartEpochNanos());
    return lane;
  }

  private boolean add(RealLane lane) {
    synchronized (lock) {
      if (finishedAt != 0) {
        return false;
      }
      lanes.add(lane);
      if (isCopy()) {
        tracing.opened(this);
      }
      return true;
    }
  }

  /** Takes note that a lane has ended. */
  void ended(RealLane lane, long end) {
    lastSpan = lane.lastSpan();
    growTo(end);
    boolean last;
    synchronized (lock) {
      lanes.remove(lane);
      last = isCopy() && lanes.isEmpty();
      if (last) {
        tracing.closed(this);
      }
    }
    if (last) {
      whenEnded.run();
    }
  }

  /** Makes the root hold a lane that begins at the given time. */
  boolean growFrom(long ts) {
    return root instanceof RootSpan own && own.growFrom(ts);
  }

  private void growTo(long ts) {
    if (root instanceof RootSpan own) {
      own.growTo(ts);
    }
  }

  /** Held by whoever ends a lane that is not its own. */
  Object lock() {
    return lock;
  }

  /** Makes the root reach a lane's end; returns that end, or the root's where that came before. */
  long contain(long end) {
    return root instanceof RootSpan own ? own.contain(end) : end;
  }

  /** Returns the latest time at which something is known to have happened to this request. */
  long lastActivity() {
    long latest = start;
    for (RealLane lane : lanes) {
      RealSlice top = lane.top();
      latest = Math.max(latest, Math.max(lane.latest(), top == null ? 0 : top.latest()));
    }
    for (RealReqContext child : children) {
      latest = Math.max(latest, child.lastActivity());
    }
    return latest;
  }

  @Override
  public TraceReqContext child(String childRid) {
    String id = childRid == null ? "" : childRid;
    RealReqContext child =
        new RealReqContext(tracing, id, level, tracing.now(), context, joined, this);
    synchronized (lock) {
      if (finishedAt != 0) {
        return NoopReqContext.of(id, context, carrier());
      }
      children =
          Stream.concat(Stream.of(children), Stream.of(child)).toArray(RealReqContext[]::new);
    }
    return child;
  }

  private void forget(RealReqContext child) {
    synchronized (lock) {
      children = Stream.of(children).filter(c -> c != child).toArray(RealReqContext[]::new);
    }
  }

  @Override
  public TraceReqContext attributes(Attributes attributes) {
    if (attributes != null) {
      root.setAllAttributes(attributes);
    }
    return this;
  }

  @Override
  public TraceReqContext event(String name, long ts, Attributes attributes) {
    Attributes given = attributes == null ? Attributes.empty() : attributes;
    root.addEvent(name == null ? "" : name, given, tracing.time(ts), TimeUnit.NANOSECONDS);
    return this;
  }

  @Override
  public TraceReqContext link(TraceCarrier carrier) {
    if (tracing.usable(carrier)) {
      root.addLink(carrier.linkTarget());
    }
    return this;
  }

  @Override
  public TraceReqContext error(String type, String message) {
    root.setStatus(StatusCode.ERROR, message == null ? "" : message);
    if (type != null) {
      root.setAttribute(ExceptionAttributes.ERROR_TYPE, type);
    }
    return this;
  }

  @Override
  public TraceCarrier carrier() {
    RealLane lane = openLane();
    if (lane != null) {
      return lane.carrier();
    }
    return carrier(lastSpan.isValid() ? lastSpan : joined.previous());
  }

  TraceCarrier carrier(SpanContext previous) {
    return TraceCarrier.of(rootContext(), previous, level, start);
  }

  @Override
  public void finish(long ts, Attributes attributes) {
    end(tracing.time(ts), attributes, null);
  }

  @Override
  public void abort(long ts, String reason) {
    end(tracing.time(ts), null, reason == null ? "aborted" : reason);
  }

  private void end(long ts, Attributes attributes, String abortReason) {
    synchronized (lock) {
      if (finishedAt != 0) {
        return;
      }
      finishedAt = ts;
    }
    for (RealReqContext child : children) {
      child.end(ts, null, abortReason);
    }
    String untold = isCopy() ? abortReason : null;
    for (RealLane lane : lanes) {
      lane.finishWithRequest(ts, untold);
      growTo(lane.latest()); // also when its own thread is ending it at this moment
    }
    endRoot(ts, attributes, abortReason);
    tracing.closed(this);
    whenEnded.run();
  }

  private void endRoot(long ts, Attributes attributes, String abortReason) {
    if (parent != null) {
      attributes(attributes);
      parent.forget(this);
    } else if (root instanceof RootSpan own) {
      own.finish(ts, attributes, abortReason);
    } else {
      endForeignRoot(attributes, abortReason);
    }
  }

  /** Somebody else ends it; here it is only told. */
  private void endForeignRoot(Attributes attributes, String abortReason) {
    attributes(attributes);
    if (abortReason != null) {
      root.setAttribute(SpanRecord.TRUNCATED, true);
      root.setAttribute(SpanRecord.ABORT_REASON, abortReason);
      root.setStatus(StatusCode.ERROR, abortReason);
    }
  }

  @Override
  public String toString() {
    return rid + lanes + (children.length == 0 ? "" : Arrays.toString(children));
  }
}
