package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the static functions look up: request id to handle, and by it the calling thread's lane. All
 * else is the handles' business.
 */
final class FunctionTable {
  private static final AttributeKey<String> MISMATCHED_END =
      AttributeKey.stringKey("mismatched_end");

  private static final int MOST = 65_536;
  private static final int MOST_OVER = 16_384;

  private final RealTracing tracing;
  private final Map<String, RealReqContext> requests = new ConcurrentHashMap<>();

  /** Known but not recorded: nobody need end them, and only their carriers are kept. */
  private final RecentMap<TraceReqContext> unrecorded = new RecentMap<>(MOST);

  /** Copies whose last lane has ended: the request goes on elsewhere, by this. */
  private final RecentMap<TraceCarrier> over = new RecentMap<>(MOST_OVER);

  private final FunctionRooms rooms;
  private final FunctionBatches batches;

  FunctionTable(RealTracing tracing) {
    this.tracing = tracing;
    this.rooms = new FunctionRooms(tracing);
    this.batches = new FunctionBatches(this);
    tracing.whenOver(this::over);
  }

  RealTracing tracing() {
    return tracing;
  }

  FunctionRooms rooms() {
    return rooms;
  }

  FunctionBatches batches() {
    return batches;
  }

  private void over(RealReqContext request) {
    if (requests.remove(request.rid(), request) && request.isCopy() && request.recording()) {
      over.put(request.rid(), request.carrier());
    }
  }

  void start(String rid, @Nullable Object where, @Nullable Context given, long ts, String role) {
    String room = where == null ? null : rooms.name(where);
    TraceReqStart start = TraceReqStart.of(rid).withTs(ts).withRole(role);
    boolean inside = isInsideASpan();
    Parent around = Parent.of(inside ? Context.current() : given);
    if (!RemoteContexts.isRoom(room)) {
      start(start.withInherit(inside), around, null, TraceCarrier.none());
      return;
    }
    TraceReqStart inRoom = start.withAttributes(FunctionRooms.attributes(room));
    TraceCarrier named = rooms.named(room);
    if (named.isNone()) {
      start(inRoom, around, FunctionRooms.span(room, ts), named);
    } else {
      start(inRoom, Parent.of(named), null, named);
    }
    rooms.entered(room, rid);
  }

  /** Attributes come as a map; anything else is a slip. */
  @Nullable Attributes attributes(@Nullable Object given) {
    if (given instanceof Attributes attributes) {
      return attributes;
    }
    if (given instanceof Map<?, ?> map) {
      return MapAttributes.of(map);
    }
    if (given != null) {
      tracing.unreadable("attributes, which are a map and no " + given.getClass());
    }
    return null;
  }

  /** One that has ended and is still current counts for nothing. */
  private static boolean isInsideASpan() {
    Span current = Span.current();
    SpanContext around = current.getSpanContext();
    boolean ended = around.isSampled() && !around.isRemote() && !current.isRecording();
    return around.isValid() && !ended;
  }

  private void start(
      TraceReqStart start, Parent parent, @Nullable TraceReqStart room, TraceCarrier carrier) {
    String rid = start.rid();
    Fresh<RealReqContext> fresh = new Fresh<>();
    RealReqContext request =
        requests.computeIfAbsent(
            rid, id -> fresh.of(recorded(id, tracing.requests().start(start, parent, room))));
    if (!fresh.made) {
      tracing.fault(
          TraceFault.DUPLICATE_START, () -> Culprit.request(rid) + " is open, and goes on");
    } else if (request != null) {
      openLane(request, carrier, request.start());
    }
  }

  /** Whether the look-up in a map made the value. */
  private static final class Fresh<T> {
    private boolean made;

    @Nullable T of(@Nullable T value) {
      made = true;
      return value;
    }
  }

  private @Nullable RealReqContext recorded(String rid, TraceReqContext handle) {
    over.remove(rid);
    if (handle instanceof RealReqContext request) {
      return request;
    }
    unrecorded.put(rid, handle);
    return null;
  }

  void finish(String rid, long ts, @Nullable Attributes attributes) {
    RealReqContext request = requests.get(rid);
    if (request == null) {
      unrecorded.remove(rid);
      over.remove(rid);
    } else {
      request.finish(ts, attributes);
    }
  }

  /** Returns the calling thread's lane of a request, or null; counts that. */
  private @Nullable RealLane lane(String rid, @Nullable String name) {
    RealReqContext request = requests.get(rid);
    RealLane lane = request == null ? null : request.openLane();
    if (lane == null && unrecorded.get(rid) == null) {
      String what = name == null ? "" : Culprit.quoted(name) + " of ";
      String why = request == null ? " is not known here" : " has no lane of this thread";
      tracing.fault(TraceFault.UNKNOWN_REQUEST, () -> what + Culprit.request(rid) + why);
    }
    return lane;
  }

  private @Nullable RealSlice top(String rid, @Nullable String name) {
    RealLane lane = lane(rid, name);
    if (lane == null) {
      return null;
    }
    if (lane.top() == null) {
      String what = name == null ? "" : Culprit.quoted(name) + ": ";
      tracing.fault(TraceFault.NO_OPEN_SLICE, () -> what + lane.describe() + " has no open slice");
    }
    return lane.top();
  }

  void sliceStart(String name, String rid, long ts, boolean anonymous) {
    RealReqContext request = requests.get(rid);
    if (request != null && !request.isCopy() && request.returning()) {
      request.lane(ts);
    }
    RealLane lane = lane(rid, name);
    if (lane == null) {
      return;
    }
    if (anonymous) {
      lane.anonymous(ts);
    } else {
      lane.slice(name, ts);
    }
  }

  void sliceEnd(
      String name,
      String rid,
      long ts,
      @Nullable Attributes attributes,
      boolean autoNextAnon,
      boolean threadFinishFlag) {
    RealSlice slice = top(rid, name);
    if (slice == null) {
      return;
    }
    RealLane lane = slice.lane();
    endedAs(slice, name);
    slice.set(attributes);
    long end = slice.request().time(ts);
    slice.end(end);
    if (threadFinishFlag) {
      lane.finish(end);
    } else if (autoNextAnon) {
      lane.anonymous(end);
    }
  }

  /** A slice takes the name it is ended under, if it has none; else keeps its own, and says so. */
  private void endedAs(RealSlice slice, String name) {
    if (slice.isNameless()) {
      slice.name(name);
    } else if (!slice.getName().equals(name)) {
      tracing.fault(
          TraceFault.MISMATCHED_END, () -> slice.describe() + " ended as " + Culprit.quoted(name));
      slice.set(MISMATCHED_END, slice.getName() + " ended as " + name);
      slice.fail("");
    }
  }

  void report(
      String name,
      String rid,
      long startNs,
      long endNs,
      @Nullable Attributes attributes,
      boolean threadFinishFlag) {
    sliceStart(name, rid, startNs, false);
    sliceEnd(name, rid, endNs, attributes, false, threadFinishFlag);
  }

  void event(String name, String rid, long ts, @Nullable Attributes attributes) {
    RealSlice slice = top(rid, name);
    if (slice != null) {
      slice.event(name, ts, attributes);
    }
  }

  void addAttributes(String rid, @Nullable Attributes attributes) {
    RealSlice slice = top(rid, null);
    if (slice != null) {
      slice.set(attributes);
    }
  }

  @Nullable TraceReqContext handle(String rid) {
    RealReqContext request = requests.get(rid);
    return request != null ? request : unrecorded.get(rid);
  }

  TraceCarrier carrier(String rid) {
    TraceReqContext handle = handle(rid);
    TraceCarrier last = handle == null ? over.get(rid) : handle.carrier();
    if (last == null) {
      tracing.fault(
          TraceFault.UNKNOWN_REQUEST,
          () -> Culprit.request(rid) + " is not known here and has no carrier");
    }
    return last == null ? TraceCarrier.none() : last;
  }

  void join(String rid, @Nullable TraceCarrier carrier, long ts) {
    RealReqContext known = requests.get(rid);
    boolean has = known != null && known.openLane() != null;
    if (has || !tracing.usable(carrier, rid)) {
      return;
    }
    Fresh<RealReqContext> fresh = new Fresh<>();
    RealReqContext request =
        requests.computeIfAbsent(
            rid, id -> fresh.of(recorded(id, tracing.joinRequest(id, carrier, ts))));
    if (request != null) {
      // A thread's first lane of a copy begins when the copy did, a later one when it is asked for.
      boolean first = request.isCopy() && !request.returning();
      openLane(request, carrier, fresh.made || first ? request.start() : ts);
    }
  }

  private void openLane(RealReqContext request, TraceCarrier carrier, long ts) {
    tracing.expectRegistered();
    if (request.lane(ts) instanceof RealLane lane) {
      lane.startAfter(carrier.previous());
    }
  }

  /** What is done in a span. */
  interface Work<T, X extends Exception> {
    T run() throws X;
  }

  <T, X extends Exception> T span(String name, Work<T, X> work) throws X {
    TraceReqStart start =
        TraceReqStart.of("")
            .withSpanName(name)
            .withKind(SpanKind.INTERNAL)
            .withParent(Context.current());
    try (TraceReqContext span = tracing.startRequest(start)) {
      return inside(span, work);
    }
  }

  @SuppressWarnings("try") // the scope is there to be closed
  private static <T, X extends Exception> T inside(TraceReqContext span, Work<T, X> work) throws X {
    try (Scope current = span.makeCurrent()) {
      return work.run();
    } catch (Exception | Error e) {
      span.error(e);
      throw e;
    }
  }
}
