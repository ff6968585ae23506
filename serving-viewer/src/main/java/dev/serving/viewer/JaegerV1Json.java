package dev.serving.viewer;

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
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("traceID", trace.traceId());
    json.put("spans", spans);
    json.put("processes", processes);
    json.put("warnings", null);
    return json;
  }

  private static Map<String, Object> span(
      StoredSpan span, String process, Map<String, StoredSpan> byId) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("traceID", span.traceId());
    json.put("spanID", span.spanId());
    json.put("operationName", span.name());
    json.put("references", references(span));
    json.put("startTime", span.startNanos() / 1_000);
    json.put("duration", span.durationNanos() / 1_000);
    json.put("tags", tags(tagsOf(span)));
    json.put("logs", span.events().stream().map(JaegerV1Json::log).toList());
    json.put("processID", process);
    json.put("warnings", warnings(span, byId));
    return json;
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
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("refType", type);
    json.put("traceID", traceId);
    json.put("spanID", spanId);
    return json;
  }

  private static Map<String, Object> tagsOf(StoredSpan span) {
    Map<String, Object> tags = new TreeMap<>(span.attributes());
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

  private static Map<String, Object> log(SpanEvent event) {
    List<Object> fields = new ArrayList<>();
    fields.add(tag("event", event.name()));
    fields.addAll(tags(new TreeMap<>(event.attributes())));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("timestamp", event.timeNanos() / 1_000);
    json.put("fields", fields);
    return json;
  }

  private static Map<String, Object> process(SpanResource resource) {
    Map<String, Object> tags = new TreeMap<>(resource.attributes());
    tags.remove("service.name");
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("serviceName", resource.service());
    json.put("tags", tags(tags));
    return json;
  }

  private static List<Object> tags(Map<String, Object> attributes) {
    List<Object> tags = new ArrayList<>();
    attributes.forEach((key, value) -> tags.add(tag(key, value)));
    return tags;
  }

  private static Map<String, Object> tag(String key, Object value) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", key);
    json.put("type", type(value));
    boolean nested = value instanceof List || value instanceof Map;
    json.put("value", nested ? Json.text(value) : value == null ? "" : value);
    return json;
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
