package dev.serving.cli;

import dev.serving.viewer.store.SpanKind;
import dev.serving.viewer.store.SpanLink;
import dev.serving.viewer.store.SpanResource;
import dev.serving.viewer.store.SpanScope;
import dev.serving.viewer.store.SpanStatus;
import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A trace as Jaeger's query API tells it: microseconds, tags, references. */
final class JaegerTrace {
  private final JsonNode trace;
  private final Map<String, SpanResource> processes = new TreeMap<>();

  private JaegerTrace(JsonNode trace) {
    this.trace = trace;
    trace.path("processes").properties().forEach(p -> processes.put(p.getKey(), of(p.getValue())));
  }

  /**
   * Reads an element of {@code data}.
   *
   * @throws IllegalArgumentException when it is none, or has no span
   */
  static StoredTrace read(JsonNode trace) {
    JaegerTrace reader = new JaegerTrace(trace);
    return new StoredTrace(
        id(trace.path("traceID"), 32),
        trace.path("spans").valueStream().map(reader::span).toList());
  }

  private static SpanResource of(JsonNode process) {
    Map<String, Object> attributes = tags(process);
    attributes.put("service.name", process.path("serviceName").asString(""));
    return new SpanResource(attributes);
  }

  private StoredSpan span(JsonNode span) {
    Map<String, Object> tags = tags(span);
    long start = span.path("startTime").asLong(0) * 1_000;
    boolean failed = "true".equals(String.valueOf(tags.get("error")));
    return new StoredSpan(
        id(trace.path("traceID"), 32),
        id(span.path("spanID"), 16),
        parent(span),
        "",
        0,
        span.path("operationName").asString(""),
        kind(tags),
        start,
        start + span.path("duration").asLong(0) * 1_000,
        tags,
        List.of(),
        links(span),
        failed ? SpanStatus.of(2, "") : SpanStatus.NONE,
        processes.getOrDefault(span.path("processID").asString(""), new SpanResource(Map.of())),
        SpanScope.NONE);
  }

  private static SpanKind kind(Map<String, Object> tags) {
    Object label = tags.get("span.kind");
    return Stream.of(SpanKind.values())
        .filter(kind -> kind.label().equals(label))
        .findFirst()
        .orElse(SpanKind.UNSPECIFIED);
  }

  private static Map<String, Object> tags(JsonNode of) {
    Map<String, Object> tags = new TreeMap<>();
    for (JsonNode tag : of.path("tags")) {
      JsonNode value = tag.path("value");
      tags.put(
          tag.path("key").asString(""),
          value.isIntegralNumber() ? (Object) value.asLong(0) : value.asString(""));
    }
    return tags;
  }

  private static String parent(JsonNode span) {
    return span.path("references")
        .valueStream()
        .filter(r -> r.path("refType").asString("").equals("CHILD_OF"))
        .map(r -> id(r.path("spanID"), 16))
        .findFirst()
        .orElse("");
  }

  private static List<SpanLink> links(JsonNode span) {
    return span.path("references")
        .valueStream()
        .filter(r -> r.path("refType").asString("").equals("FOLLOWS_FROM"))
        .map(
            r -> new SpanLink(id(r.path("traceID"), 32), id(r.path("spanID"), 16), "", 0, Map.of()))
        .toList();
  }

  /** Older Jaegers leave out zeros at the beginning. */
  private static String id(JsonNode node, int digits) {
    String id = node.asString("");
    return "0".repeat(Math.max(0, digits - id.length())) + id;
  }
}
