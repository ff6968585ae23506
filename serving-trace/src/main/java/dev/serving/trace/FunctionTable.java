package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * What the static functions look up: request id to handle, and by it the calling thread's lane. All
 * else is the handles' business.
 */
final class FunctionTable {
  private static final AttributeKey<String> ROOM = AttributeKey.stringKey("bootstrap_room");

  private static final int MOST = 65_536;

  private final RealTracing tracing;
  private final Map<String, RealReqContext> requests = new ConcurrentHashMap<>();

  /** Which request is in a room; a header for another node is asked for by room. */
  private final RecentMap<String> ridsByRoom = new RecentMap<>(MOST);

  /** Known but not recorded: nobody need end them, and only their carriers are kept. */
  private final RecentMap<TraceReqContext> unrecorded = new RecentMap<>(MOST);

  private final RemoteContexts remote;

  FunctionTable(RealTracing tracing) {
    this.tracing = tracing;
    this.remote = new RemoteContexts(tracing);
  }

  RealTracing tracing() {
    return tracing;
  }

  RemoteContexts remote() {
    return remote;
  }

  int size() {
    return requests.size();
  }

  void start(String rid, Context parent, long ts, String role) {
    start(TraceReqStart.of(rid).withParent(parent).withTs(ts).withRole(role));
  }

  void start(String rid, String room, long ts, String role) {
    TraceReqStart start = TraceReqStart.of(rid).withTs(ts).withRole(role);
    if (!RemoteContexts.isRoom(room)) {
      start(start);
      return;
    }
    TraceCarrier carrier = remote.take(room);
    TraceReqStart inRoom = start.withAttributes(Attributes.of(ROOM, room));
    if (carrier.isNone()) {
      start(inRoom);
    } else {
      startUnder(inRoom, carrier);
    }
    ridsByRoom.put(room, rid);
  }

  private void start(TraceReqStart start) {
    Span current = Span.current();
    SpanContext around = current.getSpanContext();
    boolean ended = around.isSampled() && !around.isRemote() && !current.isRecording();
    if (around.isValid() && !ended) {
      begin(start.withParent(Context.current()).withInherit(true));
    } else {
      begin(start);
    }
  }

  private void startUnder(TraceReqStart start, TraceCarrier carrier) {
    begin(start.withParent(Context.root().with(Span.wrap(carrier.root()))));
    RealLane lane = lane(start.rid());
    if (lane != null) {
      lane.startAfter(carrier.previous());
    }
  }

  private void begin(TraceReqStart start) {
    boolean[] fresh = {false};
    RealReqContext request =
        requests.computeIfAbsent(
            start.rid(),
            rid -> {
              fresh[0] = true;
              return recorded(rid, tracing.startRequest(start));
            });
    if (!fresh[0]) {
      tracing.fault(TraceFault.DUPLICATE_START, "the first start goes on");
    } else if (request != null) {
      request.lane(request.start());
    }
  }

  private RealReqContext recorded(String rid, TraceReqContext handle) {
    if (handle instanceof RealReqContext request) {
      request.whenEnded(() -> requests.remove(rid, request));
      return request;
    }
    unrecorded.put(rid, handle);
    return null;
  }

  void finish(String rid, long ts, Attributes attributes) {
    RealReqContext request = requests.get(rid);
    if (request == null) {
      unrecorded.remove(rid);
    } else {
      request.finish(ts, attributes);
    }
  }

  /** Returns the calling thread's lane of a request, or null; counts that. */
  private RealLane lane(String rid) {
    RealReqContext request = requests.get(rid);
    RealLane lane = request == null ? null : request.openLane();
    if (lane == null && unrecorded.get(rid) == null) {
      tracing.fault(TraceFault.UNKNOWN_REQUEST, "a call for a request without context");
    }
    return lane;
  }

  private RealSlice top(String rid) {
    RealLane lane = lane(rid);
    if (lane == null) {
      return null;
    }
    if (lane.top() == null) {
      tracing.fault(TraceFault.NO_OPEN_SLICE, "a call without a slice");
    }
    return lane.top();
  }

  void sliceStart(String name, String rid, long ts, boolean anonymous) {
    RealReqContext request = requests.get(rid);
    if (request != null && !request.isCopy() && request.mayReopen()) {
      request.lane(ts);
    }
    RealLane lane = lane(rid);
    if (lane == null) {
      return;
    }
    if (anonymous) {
      lane.anonymous(ts);
    } else {
      lane.slice(name, 0, ts);
    }
  }

  void sliceEnd(
      String name,
      String rid,
      long ts,
      Attributes attributes,
      boolean autoNextAnon,
      boolean threadFinishFlag) {
    RealSlice slice = top(rid);
    if (slice == null) {
      return;
    }
    RealLane lane = slice.lane();
    slice.endedAs(name);
    slice.set(attributes);
    long end = tracing.time(ts);
    slice.end(end);
    if (threadFinishFlag) {
      lane.finish(end);
    } else if (autoNextAnon) {
      lane.anonymous(end);
    }
  }

  void report(
      String name,
      String rid,
      long startNs,
      long endNs,
      Attributes attributes,
      boolean threadFinishFlag) {
    sliceStart(name, rid, startNs, false);
    sliceEnd(name, rid, endNs, attributes, false, threadFinishFlag);
  }

  void event(String name, String rid, long ts, Attributes attributes) {
    RealSlice slice = top(rid);
    if (slice != null) {
      slice.event(name, ts, attributes);
    }
  }

  void addAttributes(String rid, Attributes attributes) {
    RealSlice slice = top(rid);
    if (slice != null) {
      slice.set(attributes);
    }
  }

  TraceReqContext handle(String rid) {
    RealReqContext request = requests.get(rid);
    return request != null ? request : unrecorded.get(rid);
  }

  TraceCarrier carrier(String rid) {
    TraceReqContext handle = handle(rid);
    return handle == null ? TraceCarrier.none() : handle.carrier();
  }

  void join(String rid, TraceCarrier carrier, long ts) {
    RealReqContext known = requests.get(rid);
    boolean has = known != null && known.openLane() != null;
    if (has || !tracing.usable(carrier)) {
      return;
    }
    boolean[] fresh = {false};
    RealReqContext request =
        requests.computeIfAbsent(
            rid,
            id -> {
              fresh[0] = true;
              return recorded(id, tracing.joinRequest(id, carrier, ts));
            });
    if (request != null) {
      openLane(request, carrier, fresh[0] ? request.start() : ts);
    }
  }

  /** A thread's first lane of a copy begins when the copy did, a later one when it is asked for. */
  private static void openLane(RealReqContext request, TraceCarrier carrier, long ts) {
    boolean first = request.isCopy() && !request.mayReopen();
    if (request.lane(first ? request.start() : ts) instanceof RealLane lane) {
      lane.startAfter(carrier.previous());
    }
  }

  String remoteHeader(Collection<String> rooms) {
    Map<String, TraceCarrier> carriers = new LinkedHashMap<>();
    for (String room : rooms == null ? List.<String>of() : rooms) {
      String rid = room == null ? null : ridsByRoom.get(room);
      TraceCarrier carrier = rid == null ? TraceCarrier.none() : carrier(rid);
      if (!carrier.isNone()) {
        carriers.put(room, carrier);
      }
    }
    return RemoteContexts.write(carriers);
  }

  void sliceBatch(String name, Collection<? extends TracedRequest> batch) {
    long now = tracing.now();
    forEach(
        batch,
        request -> {
          boolean finished = request.finished();
          sliceEnd(name, request.rid(), now, null, !finished, finished);
        });
  }

  void eventBatch(
      String name, Collection<? extends TracedRequest> batch, long ts, Attributes attributes) {
    long at = tracing.time(ts);
    Attributes shared =
        (attributes == null ? Attributes.builder() : attributes.toBuilder())
            .put("bid", String.format("%08x", ThreadLocalRandom.current().nextInt()))
            .put("batch_size", batch == null ? 0 : batch.size())
            .build();
    forEach(batch, request -> event(name, request.rid(), at, shared));
  }

  /** The requests are the caller's objects: what they throw is not let out of a tracing call. */
  private void forEach(
      Collection<? extends TracedRequest> batch, Consumer<? super TracedRequest> action) {
    for (TracedRequest request : batch == null ? List.<TracedRequest>of() : batch) {
      try {
        action.accept(request);
      } catch (RuntimeException theirs) {
        tracing.fault(TraceFault.UNKNOWN_REQUEST, "a batch held a request that cannot be asked");
      }
    }
  }

  <T> T span(String name, Callable<T> work) throws Exception {
    TraceReqContext span =
        tracing.startRequest(
            TraceReqStart.of("")
                .withSpanName(name)
                .withKind(SpanKind.INTERNAL)
                .withParent(Context.current()));
    Scope current = span.context().makeCurrent();
    try {
      return work.call();
    } catch (Exception | Error e) {
      fail(span, e);
      throw e;
    } finally {
      current.close();
      span.finish(0, null);
    }
  }

  private static void fail(TraceReqContext span, Throwable error) {
    Span own = Span.fromContext(span.context());
    own.recordException(error);
    own.setAttribute(ExceptionAttributes.ERROR_TYPE, ExceptionAttributes.type(error));
    own.setStatus(StatusCode.ERROR, ExceptionAttributes.message(error));
  }
}
