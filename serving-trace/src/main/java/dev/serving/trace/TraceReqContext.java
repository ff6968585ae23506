package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import java.util.Optional;

/**
 * A request's handle: level one of a trace. It travels with the request and may be used by several
 * threads at once; each gets a {@linkplain #lane lane} of its own.
 *
 * <p>Where the request began it owns the root span; elsewhere it is a copy (see {@link
 * Tracing#joinRequest}), whose lanes hang under a root that another process ends. Times are
 * nanoseconds since the epoch, 0 for now. Nothing here throws.
 */
public sealed interface TraceReqContext permits RealReqContext, NoopReqContext {
  /** Returns the request's id. */
  String rid();

  /** Returns the ids of the root span; empty where tracing is off. */
  Optional<TraceInfo> info();

  /** Returns whether spans of this request are recorded and it has not finished. */
  boolean recording();

  /** Returns the level the request was started with, 0 to 3. */
  int level();

  /**
   * Returns an OpenTelemetry context whose current span is the root, for instrumentation that is
   * not ours. Ending that span does nothing: it ends with the request.
   */
  Context context();

  /** Returns the calling thread's lane; opens it at the given time if it is not open. */
  TraceThreadContext lane(long ts);

  /**
   * Opens a further lane of the calling thread, for one of several coroutines that take turns on
   * it.
   */
  TraceThreadContext newLane(long ts);

  /**
   * Returns a context for one of several choices of this request: the same root, lanes of its own.
   * What it says about the root, the root is told; it ends with this one at the latest.
   */
  TraceReqContext child(String childRid);

  /** Sets attributes of the root, replacing those of the same keys; a copy drops them. */
  TraceReqContext attributes(Attributes attributes);

  /** Adds an event to the root; a copy drops it. */
  TraceReqContext event(String name, long ts, Attributes attributes);

  /** Links the root to the previous span of a carrier, or to its root if it has none. */
  TraceReqContext link(TraceCarrier carrier);

  /** Marks the root as failed: status ERROR with the message, and {@code error.type}. */
  TraceReqContext error(String type, String message);

  /**
   * Returns what another process needs to join: the root, and the previous span as the calling
   * thread's lane sees it; without such a lane, as the lane that ended last saw it.
   */
  TraceCarrier carrier();

  /** Ends the request: its lanes, slices still open (as truncated), and the root if it owns it. */
  void finish(long ts, Attributes attributes);

  /** Ends a request that was cut short: all that is open is truncated, the root says why. */
  void abort(long ts, String reason);
}
