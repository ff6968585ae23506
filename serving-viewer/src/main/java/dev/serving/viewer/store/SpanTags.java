package dev.serving.viewer.store;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** A span's attributes as Jaeger shows them, with what it adds; whatever is shown can be asked. */
public final class SpanTags {
  private static final JsonMapper JSON = GoDouble.mapper();

  private SpanTags() {}

  /** What is shown of a span, sorted by key. */
  public static Map<String, Object> shown(StoredSpan span) {
    Map<String, Object> tags = new TreeMap<>(span.attributes());
    tags.putAll(added(span));
    return tags;
  }

  /** A value as it is shown: text as it is, lists and maps as JSON, nothing as nothing. */
  public static String text(Object value) {
    if (value instanceof List || value instanceof Map) {
      return JSON.writeValueAsString(value);
    }
    return value == null ? "" : value.toString();
  }

  /** Every value that a span, its process or one of its events shows under this key. */
  static Stream<Object> values(StoredSpan span, String key) {
    Stream<Map<String, Object>> places =
        Stream.concat(
            Stream.of(span.attributes(), added(span), failed(span), span.resource().attributes()),
            span.events().stream().flatMap(SpanTags::places));
    return places
        .filter(place -> place.containsKey(key))
        .map(place -> place.get(key) == null ? "" : place.get(key));
  }

  private static Stream<Map<String, Object>> places(SpanEvent event) {
    return Stream.of(event.attributes(), Map.of("event", event.name()));
  }

  private static Map<String, Object> failed(StoredSpan span) {
    return Map.of("error", span.failed());
  }

  private static Map<String, Object> added(StoredSpan span) {
    Map<String, Object> tags = new TreeMap<>();
    if (span.kind() != SpanKind.UNSPECIFIED) {
      tags.put("span.kind", span.kind().label());
    }
    putUnlessEmpty(tags, "otel.scope.name", span.scope().name());
    putUnlessEmpty(tags, "otel.scope.version", span.scope().version());
    if (span.status().code() != SpanStatus.Code.UNSET) {
      tags.put("otel.status_code", span.status().code().name());
    }
    putUnlessEmpty(tags, "otel.status_description", span.status().message());
    if (span.failed()) {
      tags.put("error", true);
    }
    return tags;
  }

  private static void putUnlessEmpty(Map<String, Object> tags, String key, String value) {
    if (!value.isEmpty()) {
      tags.put(key, value);
    }
  }
}
