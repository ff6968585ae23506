package dev.serving.trace;

import io.opentelemetry.api.trace.SpanKind;
import org.jspecify.annotations.Nullable;

/**
 * A named piece of work on a {@linkplain TraceThreadContext lane}: level three of a trace. Slices
 * nest: one that starts while another is open is its child.
 *
 * <p>Belongs to the thread of its lane; calls from another thread are counted and ignored, calls
 * after its end ignored. Times are nanoseconds since the epoch, 0 for now. Nothing here throws.
 * Whatever of the slice lies outside its parent makes the parent grow.
 *
 * <pre>{@code
 * try (TraceSlice slice = lane.slice("tokenize")) {
 *   slice.set("tokens", tokens.length);
 * }
 * }</pre>
 */
public sealed interface TraceSlice extends TraceSpan<TraceSlice>, AutoCloseable
    permits RealSlice, NoopSlice {
  /** Names an {@linkplain TraceThreadContext#anonymous anonymous} slice; others keep their name. */
  TraceSlice name(CharSequence name);

  /**
   * Says what kind of span this is, INTERNAL unless said: PRODUCER for the hand-over to a queue,
   * CONSUMER for what takes it from there, CLIENT for a call. Null changes nothing.
   */
  TraceSlice kind(@Nullable SpanKind kind);

  /** Adds a link to the previous span of a carrier, or to its root if it has none. */
  TraceSlice link(@Nullable TraceCarrier carrier);

  /** Links to what {@link #link} would, instead of to the span before this slice on its lane. */
  TraceSlice replaceLink(@Nullable TraceCarrier carrier);

  /** Ends the slice now. */
  void end();

  /** Ends the slice, and those nested in it that are still open (as truncated). */
  void end(long ts);

  /**
   * Ends this slice and starts its neighbour at the same instant, with one look at the clock.
   *
   * @return the neighbour: same level, same parent
   */
  TraceSlice next(CharSequence name);

  /** Ends the slice now, unless it has ended. */
  @Override
  default void close() {
    end();
  }
}
