package dev.serving.viewer.store;

import java.util.List;
import java.util.Map;

/**
 * How much heap a span costs, about and rather too much: names and keys count with their length,
 * though most are shared between spans (the receiver keeps one copy).
 */
public final class SpanWeight {
  // The record, its two id strings, its list entry and its id's entry in the set.
  private static final int SPAN = 420;
  private static final int ENTRY = 64;
  private static final int EVENT = 120;
  private static final int LINK = 250;
  private static final int VALUE = 24;
  private static final int TEXT = 56;

  private SpanWeight() {}

  /** What the process costs that a span ran in, to be counted once a trace. */
  public static long bytes(SpanResource resource) {
    return SPAN + attributes(resource.attributes());
  }

  /** What a span costs but for its process. */
  static long bytes(StoredSpan span) {
    long bytes = SPAN + attributes(span.attributes());
    bytes += span.name().length() + span.status().message().length() + span.traceState().length();
    bytes += span.scope().name().length() + span.scope().version().length();
    for (SpanEvent event : span.events()) {
      bytes += EVENT + event.name().length() + attributes(event.attributes());
    }
    for (SpanLink link : span.links()) {
      bytes += LINK + attributes(link.attributes());
    }
    return bytes;
  }

  private static long attributes(Map<String, Object> attributes) {
    long bytes = attributes.isEmpty() ? 0 : ENTRY;
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      bytes += ENTRY + attribute.getKey().length() + value(attribute.getValue());
    }
    return bytes;
  }

  private static long value(Object value) {
    if (value instanceof String text) {
      return (long) TEXT + text.length();
    }
    if (value instanceof List<?> list) {
      return VALUE + list.stream().mapToLong(SpanWeight::value).sum();
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .mapToLong(entry -> ENTRY + value(entry.getKey()) + value(entry.getValue()))
          .sum();
    }
    return VALUE;
  }
}
