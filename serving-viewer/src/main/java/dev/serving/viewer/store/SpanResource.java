package dev.serving.viewer.store;

import java.util.Collections;
import java.util.Map;

/**
 * The process that a span ran in.
 *
 * @param attributes values as in {@link StoredSpan#attributes}
 */
public record SpanResource(Map<String, Object> attributes) {
  private static final String UNKNOWN = "unknown_service";

  /** Takes an unmodifiable view; the caller hands the map over. */
  public SpanResource {
    attributes = Collections.unmodifiableMap(attributes);
  }

  /** The service's name, {@code unknown_service} where it has none. */
  public String service() {
    String name = text("service.name");
    return name.isEmpty() ? UNKNOWN : name;
  }

  /** The attribute as text, empty where it is missing. */
  public String text(String key) {
    Object value = attributes.get(key);
    return value == null ? "" : value.toString();
  }
}
