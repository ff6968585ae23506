package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;

/**
 * A request's lane on one thread: level two of a trace, the parent of the {@linkplain TraceSlice
 * slices} that the thread does for the request.
 *
 * <p>Belongs to the thread that opened it; calls from another thread, or after its end, are counted
 * and ignored. Times are nanoseconds since the epoch, 0 for now. Nothing here throws.
 */
public sealed interface TraceThreadContext extends AutoCloseable permits RealLane, NoopLane {
  /** Returns whether slices started here go anywhere; false once the lane has ended. */
  boolean recording();

  /** Starts a slice of level 1 now. */
  default TraceSlice slice(String name) {
    return slice(name, 1, 0);
  }

  /** Starts a slice of level 1. */
  default TraceSlice slice(String name, long ts) {
    return slice(name, 1, ts);
  }

  /**
   * Starts a slice.
   *
   * @param level 1 for a stage, 2 for a hand-over, 3 for a detail; a request of a lower level
   *     leaves the slice out, with a handle that does nothing. 0 is never left out
   */
  TraceSlice slice(String name, int level, long ts);

  /** Starts a slice of level 1 now. */
  default TraceSlice slice(TraceSpanName name) {
    return slice(TraceSpanName.of(name), 1, 0);
  }

  /** Starts a slice of level 1. */
  default TraceSlice slice(TraceSpanName name, long ts) {
    return slice(TraceSpanName.of(name), 1, ts);
  }

  /** Starts a slice; see {@link #slice(String, int, long)}. */
  default TraceSlice slice(TraceSpanName name, int level, long ts) {
    return slice(TraceSpanName.of(name), level, ts);
  }

  /** Starts a slice of level 1 that gets its name before its end, by {@link TraceSlice#name}. */
  TraceSlice anonymous(long ts);

  /**
   * Does some work in a slice of level 1 that starts now and ends with it. An exception that leaves
   * the work marks the slice as failed, and goes on; a try block alone cannot see it.
   *
   * @throws X what the work throws
   */
  default <T, X extends Exception> T call(String name, TracedWork<T, X> work) throws X {
    try (TraceSlice slice = slice(name)) {
      return TracedWork.in(slice, work);
    }
  }

  /** Adds a slice of level 1 that is already over; null attributes are none. */
  TraceSlice report(String name, long startNs, long endNs, Attributes attributes);

  /** Adds a slice that is already over; see {@link #report(String, long, long, Attributes)}. */
  default TraceSlice report(TraceSpanName name, long startNs, long endNs, Attributes attributes) {
    return report(TraceSpanName.of(name), startNs, endNs, attributes);
  }

  /**
   * Returns what another thread or process needs to go on: the root, and as previous span the
   * outermost open slice, else the slice that ended last, else what came in by {@link #previous}.
   * Also after the lane's end.
   */
  TraceCarrier carrier();

  /** Makes the next outermost slice link to the carrier's previous span; none changes nothing. */
  void previous(TraceCarrier carrier);

  /** Adds an event to the lane; null attributes are none. */
  TraceThreadContext event(String name, long ts, Attributes attributes);

  /** Sets attributes of the lane, replacing those of the same keys; null is none. */
  TraceThreadContext attributes(Attributes attributes);

  /** Ends the lane and its open slices, all marked as truncated. */
  void truncate(long ts);

  /** Ends the lane; slices still open end too, marked as truncated. */
  void finish(long ts);

  /** Ends the lane now, unless it has ended. */
  @Override
  default void close() {
    finish(0);
  }
}
