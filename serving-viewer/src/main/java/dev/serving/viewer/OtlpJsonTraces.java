package dev.serving.viewer;

import dev.serving.viewer.store.SpanEvent;
import dev.serving.viewer.store.SpanLink;
import dev.serving.viewer.store.SpanResource;
import dev.serving.viewer.store.SpanScope;
import dev.serving.viewer.store.SpanStatus;
import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Traces in OTLP's JSON: hexadecimal ids, 64-bit numbers as strings, enums as numbers. */
final class OtlpJsonTraces {
  private OtlpJsonTraces() {}

  static Map<String, Object> of(List<StoredTrace> traces) {
    Map<SpanResource, Map<SpanScope, List<Object>>> groups = new LinkedHashMap<>();
    for (StoredTrace trace : traces) {
      for (StoredSpan span : trace.spans()) {
        groups
            .computeIfAbsent(span.resource(), resource -> new LinkedHashMap<>())
            .computeIfAbsent(span.scope(), scope -> new ArrayList<>())
            .add(span(span));
      }
    }
    List<Object> resourceSpans = new ArrayList<>();
    groups.forEach((resource, scopes) -> resourceSpans.add(resourceSpans(resource, scopes)));
    return Json.object("resourceSpans", resourceSpans);
  }

  private static Map<String, Object> resourceSpans(
      SpanResource resource, Map<SpanScope, List<Object>> scopes) {
    List<Object> scopeSpans = new ArrayList<>();
    scopes.forEach(
        (scope, spans) ->
            scopeSpans.add(
                Json.object(
                    "scope",
                    Json.object("name", scope.name(), "version", scope.version()),
                    "spans",
                    spans)));
    return Json.object(
        "resource",
        Json.object("attributes", attributes(resource.attributes())),
        "scopeSpans",
        scopeSpans);
  }

  private static Map<String, Object> span(StoredSpan span) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("traceId", span.traceId());
    json.put("spanId", span.spanId());
    putUnlessEmpty(json, "traceState", span.traceState());
    putUnlessEmpty(json, "parentSpanId", span.parentId());
    json.put("flags", Integer.toUnsignedLong(span.flags()));
    json.put("name", span.name());
    json.put("kind", span.kind().number());
    json.put("startTimeUnixNano", Long.toString(span.startNanos()));
    json.put("endTimeUnixNano", Long.toString(span.endNanos()));
    putUnlessEmpty(json, "attributes", attributes(span.attributes()));
    putUnlessEmpty(json, "events", span.events().stream().map(OtlpJsonTraces::event).toList());
    putUnlessEmpty(json, "links", span.links().stream().map(OtlpJsonTraces::link).toList());
    json.put("status", status(span.status()));
    return json;
  }

  private static Map<String, Object> status(SpanStatus status) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (status.code() != SpanStatus.Code.UNSET) {
      json.put("code", status.code().number());
    }
    putUnlessEmpty(json, "message", status.message());
    return json;
  }

  private static Map<String, Object> event(SpanEvent event) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("timeUnixNano", Long.toString(event.timeNanos()));
    json.put("name", event.name());
    putUnlessEmpty(json, "attributes", attributes(event.attributes()));
    return json;
  }

  private static Map<String, Object> link(SpanLink link) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("traceId", link.traceId());
    json.put("spanId", link.spanId());
    putUnlessEmpty(json, "traceState", link.traceState());
    putUnlessEmpty(json, "attributes", attributes(link.attributes()));
    if (link.flags() != 0) {
      json.put("flags", Integer.toUnsignedLong(link.flags()));
    }
    return json;
  }

  private static List<Object> attributes(Map<?, ?> attributes) {
    List<Object> list = new ArrayList<>();
    attributes.forEach((key, value) -> list.add(Json.object("key", key, "value", value(value))));
    return list;
  }

  private static Map<String, Object> value(Object value) {
    if (value instanceof Boolean) {
      return Json.object("boolValue", value);
    }
    if (value instanceof Long number) {
      return Json.object("intValue", number.toString());
    }
    if (value instanceof Double) {
      return Json.object("doubleValue", value);
    }
    if (value instanceof List<?> list) {
      return Json.object(
          "arrayValue", Json.object("values", list.stream().map(OtlpJsonTraces::value).toList()));
    }
    if (value instanceof Map<?, ?> map) {
      return Json.object("kvlistValue", Json.object("values", attributes(map)));
    }
    return value == null ? Map.of() : Json.object("stringValue", value);
  }

  private static void putUnlessEmpty(Map<String, Object> json, String key, String value) {
    if (!value.isEmpty()) {
      json.put(key, value);
    }
  }

  private static void putUnlessEmpty(Map<String, Object> json, String key, List<?> values) {
    if (!values.isEmpty()) {
      json.put(key, values);
    }
  }
}
