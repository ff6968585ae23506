package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bootstrap rooms of the functions: which request is in which, and what other nodes said. */
final class FunctionRooms {
  private static final String SPAN = "Bootstrap Room";
  private static final AttributeKey<String> ROOM = AttributeKey.stringKey("bootstrap_room");
  private static final int MOST = 65_536;

  private final RealTracing tracing;
  private final RecentMap<String> rids = new RecentMap<>(MOST);
  private final RemoteContexts remote;

  FunctionRooms(RealTracing tracing) {
    this.tracing = tracing;
    this.remote = new RemoteContexts(tracing);
  }

  /** A room comes as a text or a number; anything else is a slip. */
  @Nullable String name(Object given) {
    if (given instanceof CharSequence || given instanceof Number) {
      return given.toString();
    }
    tracing.unreadable("a bootstrap room, which is a text or a number and no " + given.getClass());
    return null;
  }

  static Attributes attributes(String room) {
    return Attributes.of(ROOM, room);
  }

  /** The span of a room, above the root of the request that names it first. */
  static TraceReqStart span(String room, long ts) {
    return TraceReqStart.of("")
        .withSpanName(SPAN)
        .withKind(SpanKind.INTERNAL)
        .withTs(ts)
        .withAttributes(attributes(room));
  }

  /** Notes which request is in a room; a header for another node is asked for by room. */
  void entered(String room, String rid) {
    rids.put(room, rid);
  }

  /** Returns and forgets what another node said of a room; none if that is nothing. */
  TraceCarrier named(String room) {
    return remote.take(room);
  }

  void read(@Nullable String header) {
    remote.read(header);
  }

  /**
   * Returns the header for another node.
   *
   * @param handles finds a request that is known, or null
   */
  String header(@Nullable Collection<?> rooms, Function<String, TraceReqContext> handles) {
    Map<String, TraceCarrier> carriers = new LinkedHashMap<>();
    for (Object given : FunctionBatches.now(tracing, rooms, Object.class)) {
      String room = name(given);
      String rid = room == null ? null : rids.get(room);
      TraceReqContext handle = rid == null ? null : handles.apply(rid);
      TraceCarrier carrier =
          handle instanceof RealReqContext request
              ? request.carrierOfRoom()
              : handle == null ? TraceCarrier.none() : handle.carrier();
      if (!carrier.isNone()) {
        carriers.put(room, carrier);
      }
    }
    return RemoteContexts.write(carriers);
  }
}
