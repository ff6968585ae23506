package dev.serving.trace;

import io.opentelemetry.api.common.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * A request's lane on one thread: level two of a trace, the parent of the {@linkplain TraceSlice
 * slices} that the thread does for the request.
 *
 * <p>Belongs to the thread that opened it; calls from another thread are counted and ignored, calls
 * after its end ignored. Times are nanoseconds since the epoch, 0 for now. Names are texts or
 * {@link TraceSpanName}s. Nothing here throws.
 */
public sealed interface TraceThreadContext extends TraceSpan<TraceThreadContext>, AutoCloseable
    permits RealLane, NoopLane {
  /** Returns whether slices started here go anywhere; false once the lane has ended. */
  @Override
  boolean recording();

  /** Starts the slice of a stage now. */
  default TraceSlice slice(CharSequence name) {
    return slice(name, TraceLevel.STAGES, 0);
  }

  /** Starts the slice of a stage. */
  default TraceSlice slice(CharSequence name, long ts) {
    return slice(name, TraceLevel.STAGES, ts);
  }

  /** Starts a slice now; see {@link #slice(CharSequence, TraceLevel, long)}. */
  default TraceSlice slice(CharSequence name, TraceLevel level) {
    return slice(name, level, 0);
  }

  /**
   * Starts a slice.
   *
   * @param level what it is; a request of a lower level leaves the slice out, with a handle that
   *     does nothing
   */
  TraceSlice slice(CharSequence name, TraceLevel level, long ts);

  /** Starts now the slice of a stage that is named before its end; {@link TraceSlice#name}. */
  default TraceSlice anonymous() {
    return anonymous(0);
  }

  /** Starts the slice of a stage that gets its name before its end, by {@link TraceSlice#name}. */
  TraceSlice anonymous(long ts);

  /** Does some work in the slice of a stage; see the form with a level. */
  default <T, X extends Exception> T call(CharSequence name, TracedWork<T, X> work) throws X {
    return call(name, TraceLevel.STAGES, work);
  }

  /**
   * Does some work in a slice that starts now and ends with it. An exception that leaves the work
   * marks the slice as failed, and goes on; a try block alone cannot see it.
   *
   * @throws X what the work throws
   */
  default <T, X extends Exception> T call(
      CharSequence name, TraceLevel level, TracedWork<T, X> work) throws X {
    try (TraceSlice slice = slice(name, level)) {
      return TracedWork.in(slice, work);
    }
  }

  /** Adds the slice of a stage that is already over. */
  default TraceSlice report(CharSequence name, long startNs, long endNs) {
    return report(name, startNs, endNs, null);
  }

  /** Adds the slice of a stage that is already over; null attributes are none. */
  TraceSlice report(CharSequence name, long startNs, long endNs, @Nullable Attributes attributes);

  /**
   * Returns what another thread or process needs to go on: the root, and as previous span the
   * outermost open slice, else the slice that ended last, else what came in by {@link #previous}.
   * Also after the lane's end.
   */
  TraceCarrier carrier();

  /**
   * Makes the next outermost slice link to the carrier's previous span; a carrier without one, or
   * none, changes nothing.
   */
  void previous(@Nullable TraceCarrier carrier);

  /** Ends the lane and its open slices, all marked as truncated. */
  void truncate(long ts);

  /** Ends the lane now. */
  default void finish() {
    finish(0);
  }

  /** Ends the lane; slices still open end too, marked as truncated. */
  void finish(long ts);

  /** Ends the lane now, unless it has ended. */
  @Override
  default void close() {
    finish(0);
  }
}
