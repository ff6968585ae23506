package dev.serving.viewer.store;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;

/**
 * Something that happened at one moment of a span.
 *
 * @param name what happened
 * @param timeNanos when, in nanoseconds since the epoch
 * @param attributes values as in {@link StoredSpan#attributes}
 */
public record SpanEvent(String name, long timeNanos, Map<String, Object> attributes) {
  /** Takes an unmodifiable view; the caller hands the map over. */
  public SpanEvent {
    Objects.requireNonNull(name, "name");
    attributes = Collections.unmodifiableMap(attributes);
  }
}
