package dev.serving.viewer.store;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;

/**
 * A span's pointer to another one that came before it, perhaps in another trace.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param traceState W3C tracestate of that span, may be empty
 * @param flags OTLP's link flags, as {@link StoredSpan#flags}
 * @param attributes values as in {@link StoredSpan#attributes}
 */
public record SpanLink(
    String traceId, String spanId, String traceState, int flags, Map<String, Object> attributes) {
  /** Takes an unmodifiable view; the caller hands the map over. */
  public SpanLink {
    Objects.requireNonNull(traceId, "traceId");
    Objects.requireNonNull(spanId, "spanId");
    Objects.requireNonNull(traceState, "traceState");
    attributes = Collections.unmodifiableMap(attributes);
  }
}
