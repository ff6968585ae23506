package dev.serving.trace.testing;

import com.google.protobuf.ByteString;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A span as a backend sees it, whatever way it came. */
public record SeenSpan(
    String name,
    String kind,
    String traceId,
    String spanId,
    String parentId,
    long start,
    long end,
    Map<String, Object> attributes,
    List<Link> links,
    List<Event> events,
    boolean error,
    String message,
    Map<String, Object> resource) {

  /** What a span links to. */
  public record Link(String traceId, String spanId) {}

  /** What happened at a point in time. */
  public record Event(String name, long ts, Map<String, Object> attributes) {}

  /** As an exporter is given it. */
  public static SeenSpan of(SpanData span) {
    return new SeenSpan(
        span.getName(),
        span.getKind().name(),
        span.getTraceId(),
        span.getSpanId(),
        span.getParentSpanContext().isValid() ? span.getParentSpanId() : "",
        span.getStartEpochNanos(),
        span.getEndEpochNanos(),
        map(span.getAttributes()),
        span.getLinks().stream()
            .map(l -> new Link(l.getSpanContext().getTraceId(), l.getSpanContext().getSpanId()))
            .toList(),
        span.getEvents().stream()
            .map(e -> new Event(e.getName(), e.getEpochNanos(), map(e.getAttributes())))
            .toList(),
        span.getStatus().getStatusCode() == StatusCode.ERROR,
        span.getStatus().getDescription(),
        map(span.getResource().getAttributes()));
  }

  /** As a receiver is sent them. */
  public static List<SeenSpan> of(List<ResourceSpans> received) {
    List<SeenSpan> all = new ArrayList<>();
    for (ResourceSpans group : received) {
      Map<String, Object> resource = map(group.getResource().getAttributesList());
      group.getScopeSpansList().stream()
          .flatMap(scope -> scope.getSpansList().stream())
          .forEach(span -> all.add(of(span, resource)));
    }
    return all;
  }

  private static SeenSpan of(Span span, Map<String, Object> resource) {
    return new SeenSpan(
        span.getName(),
        span.getKind().name().replace("SPAN_KIND_", ""),
        hex(span.getTraceId()),
        hex(span.getSpanId()),
        hex(span.getParentSpanId()),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        map(span.getAttributesList()),
        span.getLinksList().stream()
            .map(l -> new Link(hex(l.getTraceId()), hex(l.getSpanId())))
            .toList(),
        span.getEventsList().stream()
            .map(e -> new Event(e.getName(), e.getTimeUnixNano(), map(e.getAttributesList())))
            .toList(),
        span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
        span.getStatus().getMessage(),
        resource);
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static Map<String, Object> map(List<KeyValue> attributes) {
    Map<String, Object> map = new TreeMap<>();
    attributes.forEach(a -> map.put(a.getKey(), value(a.getValue())));
    return map;
  }

  private static Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> value.getIntValue();
      case BOOL_VALUE -> value.getBoolValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream().map(SeenSpan::value).toList();
      default -> value.toString();
    };
  }

  private static Map<String, Object> map(Attributes attributes) {
    Map<String, Object> map = new TreeMap<>();
    attributes.forEach((key, value) -> map.put(key.getKey(), value));
    return map;
  }

  /** Returns an attribute, or null. */
  public @Nullable Object attribute(String key) {
    return attributes.get(key);
  }

  /** Returns whether it was cut short. */
  public boolean truncated() {
    return Boolean.TRUE.equals(attribute("truncated"));
  }

  /** Returns whether its parent is the given one. */
  public boolean isChildOf(SeenSpan parent) {
    return parentId.equals(parent.spanId) && traceId.equals(parent.traceId);
  }

  /** Returns whether it links to the given one. */
  public boolean linksTo(SeenSpan other) {
    return links.contains(new Link(other.traceId, other.spanId));
  }

  /** Returns whether it lies inside the given one. */
  public boolean isInside(SeenSpan parent) {
    return start >= parent.start && end <= parent.end;
  }

  /** Returns whether it has this attribute. */
  public boolean has(String key) {
    return attributes.containsKey(key);
  }

  /** Returns an attribute as text; empty if there is none. */
  public String text(String key) {
    return has(key) ? String.valueOf(attribute(key)) : "";
  }

  /** Returns a whole number; 0 if there is none. */
  public long number(String key) {
    return attribute(key) instanceof Long number ? number : 0;
  }

  /** Returns the ids of the spans that it links to. */
  public List<String> linkedIds() {
    return links.stream().map(Link::spanId).toList();
  }

  /** Returns the id of its process; 0 if that is not told. */
  public long pid() {
    return resource.get("process.pid") instanceof Long pid ? pid : 0;
  }

  /** Returns the tensor-parallel rank of its thread; -1 if that has none. */
  public long tpRank() {
    return has("tp_rank") ? number("tp_rank") : -1;
  }
}
