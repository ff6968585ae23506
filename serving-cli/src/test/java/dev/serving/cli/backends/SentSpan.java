package dev.serving.cli.backends;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * A span of OTLP in JSON, in one form whoever wrote it: attributes sorted, defaults left out. Two
 * are equal if nothing was lost or added between them.
 *
 * @param text everything that the span, its scope and its resource say
 */
record SentSpan(String traceId, String id, String parent, String name, String text) {
  /** All spans of an {@code ExportTraceServiceRequest} or {@code TracesData}. */
  static List<SentSpan> of(JsonNode request) {
    List<SentSpan> spans = new ArrayList<>();
    for (JsonNode resource : request.path("resourceSpans")) {
      String from = attributes(resource.path("resource").path("attributes")).toString();
      for (JsonNode scope : resource.path("scopeSpans")) {
        String by = scope.path("scope").path("name").asString("");
        by += " " + scope.path("scope").path("version").asString("");
        for (JsonNode span : scope.path("spans")) {
          spans.add(of(span, from + " " + by));
        }
      }
    }
    return spans;
  }

  private static SentSpan of(JsonNode span, String from) {
    Map<String, String> said = new TreeMap<>();
    said.put("from", from);
    for (String key :
        List.of(
            "traceId",
            "spanId",
            "parentSpanId",
            "name",
            "startTimeUnixNano",
            "endTimeUnixNano",
            "traceState")) {
      said.put(key, span.path(key).asString(""));
    }
    said.put("kind", Integer.toString(span.path("kind").asInt(0)));
    said.put("attributes", attributes(span.path("attributes")).toString());
    said.put("events", each(span.path("events"), "timeUnixNano", "name"));
    said.put("links", each(span.path("links"), "traceId", "spanId"));
    said.put(
        "status",
        span.path("status").path("code").asInt(0)
            + " "
            + span.path("status").path("message").asString(""));
    return new SentSpan(
        said.get("traceId"),
        said.get("spanId"),
        said.get("parentSpanId"),
        said.get("name"),
        said.toString());
  }

  private static String each(JsonNode parts, String first, String second) {
    List<String> all = new ArrayList<>();
    for (JsonNode part : parts) {
      all.add(
          part.path(first).asString("")
              + " "
              + part.path(second).asString("")
              + attributes(part.path("attributes")));
    }
    return all.stream().sorted().toList().toString(); // Jaeger sorts events in a way of its own
  }

  private static Map<String, String> attributes(JsonNode attributes) {
    Map<String, String> sorted = new TreeMap<>();
    attributes.forEach(a -> sorted.put(a.path("key").asString(), value(a.path("value"))));
    sorted.remove("@jaeger@warnings"); // its own remark, one more at each read
    return sorted;
  }

  /** An empty list may be left out. */
  private static String value(JsonNode value) {
    return value.toString().replace("\"arrayValue\":{\"values\":[]}", "\"arrayValue\":{}");
  }

  boolean says(String what) {
    return text.contains(what);
  }
}
