package dev.serving.viewer.store;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;

/**
 * A span's pointer to another one that came before it, perhaps in another trace.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param attributes values as in {@link StoredSpan#attributes}
 */
public record SpanLink(String traceId, String spanId, Map<String, Object> attributes) {
  /** Takes an unmodifiable view; the caller hands the map over. */
  public SpanLink {
    Objects.requireNonNull(traceId, "traceId");
    Objects.requireNonNull(spanId, "spanId");
    attributes = Collections.unmodifiableMap(attributes);
  }
}
