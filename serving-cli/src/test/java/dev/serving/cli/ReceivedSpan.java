package dev.serving.cli;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A span as it came over the wire, with its process. */
record ReceivedSpan(Span span, List<KeyValue> resource) {
  String traceId() {
    return HexFormat.of().formatHex(span.getTraceId().toByteArray());
  }

  String id() {
    return HexFormat.of().formatHex(span.getSpanId().toByteArray());
  }

  String parentId() {
    return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
  }

  String name() {
    return span.getName();
  }

  long pid() {
    return value(resource.stream(), "process.pid").getIntValue();
  }

  boolean has(String key) {
    return span.getAttributesList().stream().anyMatch(a -> a.getKey().equals(key));
  }

  AnyValue attribute(String key) {
    return value(span.getAttributesList().stream(), key);
  }

  String text(String key) {
    return attribute(key).getStringValue();
  }

  boolean truncated() {
    return attribute("truncated").getBoolValue();
  }

  long tpRank() {
    return has("tp_rank") ? attribute("tp_rank").getIntValue() : -1;
  }

  /** Ids of the spans that this one links to. */
  List<String> links() {
    return span.getLinksList().stream()
        .map(link -> HexFormat.of().formatHex(link.getSpanId().toByteArray()))
        .toList();
  }

  boolean inside(ReceivedSpan parent) {
    return span.getStartTimeUnixNano() >= parent.span.getStartTimeUnixNano()
        && span.getEndTimeUnixNano() <= parent.span.getEndTimeUnixNano();
  }

  private static AnyValue value(Stream<KeyValue> attributes, String key) {
    return attributes
        .filter(a -> a.getKey().equals(key))
        .map(KeyValue::getValue)
        .findFirst()
        .orElse(AnyValue.getDefaultInstance());
  }
}
