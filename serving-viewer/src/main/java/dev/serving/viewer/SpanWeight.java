package dev.serving.viewer;

import java.util.List;
import java.util.Map;

/**
 * How much heap a span costs, about. Names and keys are shared between spans (see {@link Names}),
 * so only values count with their length.
 */
final class SpanWeight {
  // The record, its two id strings, its list entry and its id's entry in the set.
  private static final int SPAN = 420;
  private static final int ENTRY = 64;
  private static final int EVENT = 120;
  private static final int LINK = 250;
  private static final int VALUE = 24;
  private static final int TEXT = 56;

  private SpanWeight() {}

  static long bytes(StoredSpan span) {
    long bytes = SPAN + attributes(span.attributes());
    bytes += span.status().message().length() + span.traceState().length();
    for (SpanEvent event : span.events()) {
      bytes += EVENT + attributes(event.attributes());
    }
    for (SpanLink link : span.links()) {
      bytes += LINK + attributes(link.attributes());
    }
    return bytes;
  }

  private static long attributes(Map<String, Object> attributes) {
    long bytes = attributes.isEmpty() ? 0 : ENTRY;
    for (Object value : attributes.values()) {
      bytes += ENTRY + value(value);
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
