package dev.serving.viewer.store;

import java.util.Locale;
import java.util.Map;

/** Looks for a piece of text, given in lower case, anywhere in a trace. */
final class TextSearch {
  private TextSearch() {}

  static boolean occurs(String text, StoredTrace trace) {
    return trace.traceId().contains(text)
        || trace.spans().stream().anyMatch(span -> occurs(text, span));
  }

  private static boolean occurs(String text, StoredSpan span) {
    return has(span.name(), text)
        || has(span.service(), text)
        || has(span.status().message(), text)
        || span.spanId().equals(text)
        || occurs(text, span.attributes())
        || span.events().stream()
            .anyMatch(event -> has(event.name(), text) || occurs(text, event.attributes()));
  }

  private static boolean occurs(String text, Map<String, Object> attributes) {
    return attributes.values().stream().anyMatch(value -> has(String.valueOf(value), text));
  }

  private static boolean has(String where, String text) {
    return where.toLowerCase(Locale.ROOT).contains(text);
  }
}
