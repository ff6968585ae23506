package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;

/**
 * A named piece of work on a {@linkplain TraceThreadContext lane}: level three of a trace. Slices
 * nest: one that starts while another is open is its child.
 *
 * <p>Belongs to the thread of its lane; calls from another thread, or after its end, are counted
 * and ignored. Times are nanoseconds since the epoch, 0 for now. Nothing here throws. Whatever of
 * the slice lies outside its parent makes the parent grow.
 *
 * <pre>{@code
 * try (TraceSlice slice = lane.slice("tokenize")) {
 *   slice.set("tokens", tokens.length);
 * }
 * }</pre>
 */
public sealed interface TraceSlice extends AutoCloseable permits RealSlice, NoopSlice {
  /** Returns whether what is told to this slice goes anywhere; false once it has ended. */
  boolean recording();

  /** Names an {@linkplain TraceThreadContext#anonymous anonymous} slice; others keep their name. */
  TraceSlice name(String name);

  /** Sets an attribute, replacing one of the same key; a null value is ignored. */
  <T> TraceSlice set(AttributeKey<T> key, T value);

  /** Sets a number. */
  default TraceSlice set(String key, long value) {
    return set(AttributeKey.longKey(key), value);
  }

  /** Sets a number. */
  default TraceSlice set(String key, double value) {
    return set(AttributeKey.doubleKey(key), value);
  }

  /** Sets a truth value. */
  default TraceSlice set(String key, boolean value) {
    return set(AttributeKey.booleanKey(key), value);
  }

  /** Sets a text; null is ignored. */
  default TraceSlice set(String key, String value) {
    return set(AttributeKey.stringKey(key), value);
  }

  /** Sets all of the given attributes; null is none. */
  TraceSlice set(Attributes attributes);

  /** Adds an event at the given time; null attributes are none. */
  TraceSlice event(String name, long ts, Attributes attributes);

  /** Adds a link to the previous span of a carrier, or to its root if it has none. */
  TraceSlice link(TraceCarrier carrier);

  /** Links to what {@link #link} would, instead of to the span before this slice on its lane. */
  TraceSlice replaceLink(TraceCarrier carrier);

  /** Marks the slice as failed: status ERROR, an exception event and {@code error.type}. */
  void error(Throwable error);

  /** Marks the slice as failed: status ERROR with the message, and {@code error.type}. */
  void error(String type, String message);

  /** Ends the slice now. */
  void end();

  /** Ends the slice, and those nested in it that are still open (as truncated). */
  void end(long ts);

  /**
   * Ends this slice and starts its neighbour at the same instant, with one look at the clock.
   *
   * @return the neighbour: same level, same parent
   */
  TraceSlice next(String name);

  /** Ends the slice now, unless it has ended. */
  @Override
  default void close() {
    end();
  }
}
