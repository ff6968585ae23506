package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request's handle: level one of a trace. It travels with the request and may be used by several
 * threads at once; each gets a {@linkplain #lane lane} of its own.
 *
 * <p>Where the request began it owns the root span; elsewhere it is a copy (see {@link
 * Tracing#joinRequest}), whose lanes hang under a root that another process ends. What is told to
 * it as a {@link TraceSpan} the root is told; a copy drops it. Times are nanoseconds since the
 * epoch, 0 for now. Nothing here throws.
 *
 * <pre>{@code
 * try (TraceReqContext request = tracing.startRequest(TraceReqStart.of(rid))) {
 *   try (TraceThreadContext lane = request.lane()) {
 *     lane.call(TraceSpanName.PREPROCESSING, slice -> tokenize(prompt));
 *   } catch (RuntimeException e) {
 *     request.fail(e);
 *     throw e;
 *   }
 * }
 * }</pre>
 */
public sealed interface TraceReqContext extends TraceSpan<TraceReqContext>, AutoCloseable
    permits RealReqContext, NoopReqContext {
  /** Returns the request's id, also where nothing is recorded. */
  String rid();

  /** Returns the ids of the root span, or of the caller's where there is none; else empty. */
  Optional<TraceInfo> info();

  /** Returns whether spans of this request are recorded and it has not finished. */
  @Override
  boolean recording();

  /** Returns the level the request was started with as a number, 0 to 3. */
  int level();

  /** Returns whether slices of this level are recorded. */
  default boolean records(TraceLevel level) {
    return level() >= TraceLevel.numberOf(level);
  }

  /** Returns the calling thread's lane; opens it now if it is not open. */
  default TraceThreadContext lane() {
    return lane(0);
  }

  /**
   * Returns the calling thread's lane; opens it at the given time if it is not open. A thread that
   * comes back to the request goes on where its last lane here ended.
   */
  TraceThreadContext lane(long ts);

  /** Opens a further lane of the calling thread now; see {@link #newLane(long)}. */
  default TraceThreadContext newLane() {
    return newLane(0);
  }

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

  /** Links the root to the previous span of a carrier, or to its root if it has none. */
  default TraceReqContext link(@Nullable TraceCarrier carrier) {
    return link(carrier, Attributes.empty());
  }

  /** Links the root as {@link #link(TraceCarrier)} does, by a link that says what it is. */
  TraceReqContext link(@Nullable TraceCarrier carrier, @Nullable Attributes attributes);

  /**
   * Returns what another process needs to join: the root, and the previous span as the calling
   * thread's lane sees it; without such a lane, as the lane that ended last saw it. Where nothing
   * is recorded, what came in.
   */
  TraceCarrier carrier();

  /** Ends the request now. */
  default void finish() {
    finish(0, null);
  }

  /** Ends the request: its lanes, slices still open (as truncated), and the root if it owns it. */
  void finish(long ts, @Nullable Attributes attributes);

  /** Ends a request that failed: the root says with what, what is still open is truncated. */
  default void fail(@Nullable Throwable error) {
    error(error);
    finish();
  }

  /** Ends a request that was cut short now; see {@link #abort(long, String)}. */
  default void abort(@Nullable String reason) {
    abort(0, reason);
  }

  /** Ends a request that was cut short: all that is open is truncated, the root says why. */
  void abort(long ts, @Nullable String reason);

  /** Ends the request now, unless it has ended. */
  @Override
  default void close() {
    finish();
  }
}
