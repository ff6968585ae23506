package dev.serving.viewer;

import dev.serving.viewer.store.SpanEvent;
import dev.serving.viewer.store.SpanLink;
import dev.serving.viewer.store.SpanResource;
import dev.serving.viewer.store.SpanTags;
import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Traces in Jaeger's form: microseconds, typed tags, parents and links as references, processes
 * apart.
 */
final class JaegerV1Json {
  private JaegerV1Json() {}

  static Map<String, Object> trace(StoredTrace trace) {
    Map<SpanResource, String> processIds = new LinkedHashMap<>();
    List<Object> spans = new ArrayList<>();
    Map<String, StoredSpan> byId = trace.byId();
    for (StoredSpan span : trace.spans()) {
      String process =
          processIds.computeIfAbsent(span.resource(), any -> "p" + (processIds.size() + 1));
      spans.add(span(span, process, byId));
    }
    Map<String, Object> processes = new LinkedHashMap<>();
    processIds.forEach((resource, id) -> processes.put(id, process(resource)));
    return Json.object(
        "traceID", trace.traceId(), "spans", spans, "processes", processes, "warnings", null);
  }

  private static Map<String, Object> span(
      StoredSpan span, String process, Map<String, StoredSpan> byId) {
    return Json.object(
        "traceID", span.traceId(),
        "spanID", span.spanId(),
        "operationName", span.name(),
        "references", references(span),
        "startTime", span.startNanos() / 1_000,
        "duration", span.durationNanos() / 1_000,
        "tags", tags(SpanTags.shown(span)),
        "logs", span.events().stream().map(JaegerV1Json::log).toList(),
        "processID", process,
        "warnings", warnings(span, byId));
  }

  private static List<Object> references(StoredSpan span) {
    List<Object> references = new ArrayList<>();
    if (!span.parentId().isEmpty()) {
      references.add(reference("CHILD_OF", span.traceId(), span.parentId()));
    }
    for (SpanLink link : span.links()) {
      references.add(reference("FOLLOWS_FROM", link.traceId(), link.spanId()));
    }
    return references;
  }

  private static Map<String, Object> reference(String type, String traceId, String spanId) {
    return Json.object(
        "refType", type,
        "traceID", traceId,
        "spanID", spanId);
  }

  private static Map<String, Object> log(SpanEvent event) {
    List<Object> fields = new ArrayList<>();
    fields.add(tag("event", event.name()));
    fields.addAll(tags(new TreeMap<>(event.attributes())));
    return Json.object("timestamp", event.timeNanos() / 1_000, "fields", fields);
  }

  private static Map<String, Object> process(SpanResource resource) {
    Map<String, Object> tags = new TreeMap<>(resource.attributes());
    tags.remove("service.name");
    return Json.object(
        "serviceName", resource.service(),
        "tags", tags(tags));
  }

  private static List<Object> tags(Map<String, Object> attributes) {
    List<Object> tags = new ArrayList<>();
    attributes.forEach((key, value) -> tags.add(tag(key, value)));
    return tags;
  }

  private static Map<String, Object> tag(String key, Object value) {
    boolean nested = value instanceof List || value instanceof Map;
    return Json.object(
        "key",
        key,
        "type",
        type(value),
        "value",
        nested || value == null ? SpanTags.text(value) : value);
  }

  private static String type(Object value) {
    if (value instanceof Boolean) {
      return "bool";
    }
    return value instanceof Long ? "int64" : value instanceof Double ? "float64" : "string";
  }

  /** Null unless something is wrong, as Jaeger has it. */
  private static List<String> warnings(StoredSpan span, Map<String, StoredSpan> byId) {
    boolean orphan =
        !span.parentId().isEmpty() && !span.parentIsRemote() && !byId.containsKey(span.parentId());
    return orphan ? List.of("parent span " + span.parentId() + " is not in the trace") : null;
  }
}
