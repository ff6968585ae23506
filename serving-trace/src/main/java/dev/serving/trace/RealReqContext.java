package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request that is recorded; its {@link Root} says whether it began here, is a copy of one that
 * began elsewhere, or one of the choices of another.
 *
 * <p>The lists of lanes and of choices are changed under the lock and read without it.
 */
final class RealReqContext implements TraceReqContext {
  private final Object lock = new Object();
  private final RealTracing tracing;
  private final String rid;
  private final int level;
  private final long start;
  private final long clockAnchor;
  private final Context context;
  private final Root root;
  private final SpanContext rootContext;
  private final String baggage;
  private final LaneList lanes = new LaneList();
  private final Trail trail = new Trail();

  /** Null while it has none; may be many. */
  private volatile @Nullable Set<RealReqContext> children;

  private volatile long finishedAt;
  private volatile int spoke = -1;

  /**
   * @param context has the root, or at least its ids, as its current span
   * @param baggage what the carrier takes along of {@code context}, as the header of the W3C
   */
  RealReqContext(
      RealTracing tracing,
      String rid,
      int level,
      long start,
      Context context,
      Root root,
      String baggage) {
    this.tracing = tracing;
    this.rid = rid;
    this.level = level;
    this.start = start;
    this.clockAnchor = tracing.clockAnchor();
    this.context = context;
    this.root = root;
    this.rootContext = root.spanContext();
    this.baggage = baggage;
  }

  RealTracing tracing() {
    return tracing;
  }

  Root root() {
    return root;
  }

  SpanContext rootContext() {
    return rootContext;
  }

  long start() {
    return start;
  }

  /** Returns the time; of one request it is from one anchor, also when the host's was stepped. */
  long now() {
    return tracing.now(clockAnchor);
  }

  /** Returns the given time, or now if it is 0 or no time at all. */
  long time(long ts) {
    return TraceClock.plausible(ts) ? ts : tracing.nowInstead(ts, rid, clockAnchor);
  }

  /** Returns whether there is something in a carrier; counts it if it could not be read. */
  boolean usable(@Nullable TraceCarrier carrier) {
    return tracing.usable(carrier, rid);
  }

  /** What a line of the log calls this. */
  String name() {
    return Culprit.request(rid);
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
    return root.elsewhere();
  }

  @Override
  public String rid() {
    return rid;
  }

  @Override
  public Optional<TraceInfo> info() {
    return Optional.of(new TraceInfo(rootContext.getTraceId(), rootContext.getSpanId()));
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

  /** Returns a context for a lane or slice of the calling thread. */
  Context contextFor(TraceSpan<?> told, SpanContext span) {
    CurrentSpan current = new CurrentSpan(told, span, tracing.limits());
    return CurrentSpan.in(CurrentSpan.around(context), current);
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
  @Nullable RealLane openLane() {
    return lanes.of(Thread.currentThread());
  }

  /** Returns whether the calling thread had a lane here that has ended, and has none now. */
  boolean returning() {
    return trail.of(Thread.currentThread()) != null && openLane() == null;
  }

  private TraceThreadContext open(long ts, boolean extra) {
    ThreadInfo info = tracing.thread();
    boolean leftOut = info.rank() > 0 && level < TraceLevel.HAND_OVERS.number();
    if (leftOut || !recording()) {
      return noLane();
    }
    RealLane lane = new RealLane(this, info, time(ts), extra);
    lane.startAfter(extra ? root.before() : trail.before(Thread.currentThread(), root));
    lane.handOn(root.stream());
    lane.note();
    if (!add(lane)) {
      lane.settled();
      return noLane();
    }
    growFrom(lane.getStartEpochNanos());
    return lane;
  }

  private TraceThreadContext noLane() {
    return new NoopLane(carrier(root.before()), context);
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
    SpanContext last = lane.lastSpan();
    trail.ended(last);
    growTo(end);
    boolean over;
    synchronized (lock) {
      lanes.remove(lane);
      if (finishedAt == 0 && !lane.isExtra()) {
        trail.left(lane.threadId(), last);
      }
      over = isCopy() && lanes.isEmpty();
      if (over) {
        tracing.closed(this);
      }
    }
    if (over) {
      tracing.over(this);
    }
  }

  /** Makes the root hold a lane that begins at the given time. */
  boolean growFrom(long ts) {
    return root.growFrom(ts);
  }

  private void growTo(long ts) {
    root.growTo(ts);
  }

  /** Held by whoever ends a lane that is not its own. */
  Object lock() {
    return lock;
  }

  /** Makes the root reach a lane's end; returns that end, or the root's where that came before. */
  long contain(long end) {
    return root.contain(end);
  }

  /** Returns the latest time at which something is known to have happened to this request. */
  long lastActivity() {
    long latest = start;
    for (RealLane lane : lanes) {
      RealSlice top = lane.top();
      latest = Math.max(latest, Math.max(lane.latest(), top == null ? 0 : top.latest()));
    }
    for (RealReqContext child : children()) {
      latest = Math.max(latest, child.lastActivity());
    }
    return latest;
  }

  @Override
  public TraceReqContext child(@Nullable String childRid) {
    String id = childRid == null ? "" : childRid;
    RealReqContext child =
        new RealReqContext(tracing, id, level, now(), context, new Root.Shared(this), baggage);
    synchronized (lock) {
      if (finishedAt != 0) {
        return NoopReqContext.of(id, context, carrier());
      }
      Set<RealReqContext> all = children;
      if (all == null) {
        all = ConcurrentHashMap.newKeySet();
        children = all;
      }
      all.add(child);
    }
    return child;
  }

  private Set<RealReqContext> children() {
    Set<RealReqContext> all = children;
    return all == null ? Set.of() : all;
  }

  void forget(RealReqContext child) {
    children().remove(child);
  }

  @Override
  public <T> TraceReqContext set(AttributeKey<T> key, @Nullable T value) {
    if (key != null && value != null) {
      root.span().setAttribute(key, value);
    }
    return this;
  }

  @Override
  public TraceReqContext set(@Nullable Attributes attributes) {
    if (attributes != null) {
      root.span().setAllAttributes(attributes);
    }
    return this;
  }

  @Override
  public TraceReqContext event(CharSequence name, long ts, @Nullable Attributes attributes) {
    Attributes given = attributes == null ? Attributes.empty() : attributes;
    root.span().addEvent(TraceSpanName.of(name), given, time(ts), TimeUnit.NANOSECONDS);
    return this;
  }

  @Override
  public TraceReqContext link(@Nullable TraceCarrier carrier, @Nullable Attributes attributes) {
    if (usable(carrier)) {
      Attributes given = attributes == null ? Attributes.empty() : attributes;
      root.span().addLink(carrier.linkTarget(), given);
    }
    return this;
  }

  @Override
  public TraceReqContext error(@Nullable Throwable error) {
    if (error != null) {
      error(ExceptionAttributes.type(error), ExceptionAttributes.message(error));
      event(ExceptionAttributes.EVENT, 0, ExceptionAttributes.of(error, tracing.limits()));
    }
    return this;
  }

  @Override
  public TraceReqContext error(@Nullable String type, @Nullable String message) {
    root.span().setStatus(StatusCode.ERROR, message == null ? "" : message);
    return set(ExceptionAttributes.ERROR_TYPE, type);
  }

  @Override
  public TraceCarrier carrier() {
    RealLane lane = openLane();
    return lane != null ? lane.carrier() : carrier(trail.last(root));
  }

  TraceCarrier carrier(SpanContext previous) {
    return TraceCarrier.of(rootContext, previous, level, start, baggage);
  }

  /** Returns what another node needs to hang its root beside this one: what is above it. */
  TraceCarrier carrierOfRoom() {
    SpanContext room =
        root instanceof Root.Own own ? own.span().getParentSpanContext() : rootContext;
    return TraceCarrier.of(room, carrier().previous(), level, start, baggage);
  }

  @Override
  public void finish(long ts, @Nullable Attributes attributes) {
    end(endTime(ts), attributes, null);
  }

  @Override
  public void abort(long ts, @Nullable String reason) {
    end(endTime(ts), null, reason == null ? "aborted" : reason);
  }

  private long endTime(long given) {
    long ts = time(given);
    if (ts < start && recording()) {
      tracing.fault(TraceFault.NEGATIVE_DURATION, this::name);
    }
    return ts;
  }

  private void end(long ts, @Nullable Attributes attributes, @Nullable String abortReason) {
    synchronized (lock) {
      if (finishedAt != 0) {
        return;
      }
      finishedAt = ts;
    }
    for (RealReqContext child : children()) {
      child.end(ts, null, abortReason);
    }
    String untold = isCopy() ? abortReason : null;
    for (RealLane lane : lanes) {
      lane.finishWithRequest(ts, untold);
      growTo(lane.latest()); // also when its own thread is ending it at this moment
    }
    root.end(this, ts, attributes, abortReason);
    tracing.closed(this);
    tracing.over(this);
  }

  @Override
  public String toString() {
    return rid + lanes + (children().isEmpty() ? "" : children().toString());
  }
}
