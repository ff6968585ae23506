package dev.serving.viewer.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads kept bytes: a span's, a resource's, a scope's. They were checked when they came. */
final class SpanDecoder {
  private SpanDecoder() {}

  static StoredSpan span(byte[] bytes, int from, int length, SpanGroup group) {
    try {
      return span(Span.parseFrom(CodedInputStream.newInstance(bytes, from, length)), group);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  static SpanResource resource(byte[] bytes) {
    try {
      return new SpanResource(attributes(Resource.parseFrom(bytes).getAttributesList()));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  static SpanScope scope(byte[] bytes) {
    try {
      InstrumentationScope scope = InstrumentationScope.parseFrom(bytes);
      return new SpanScope(scope.getName(), scope.getVersion());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static StoredSpan span(Span span, SpanGroup group) {
    return new StoredSpan(
        HexId.of(span.getTraceId(), 16),
        HexId.of(span.getSpanId(), 8),
        HexId.of(span.getParentSpanId(), 8),
        span.getTraceState(),
        span.getFlags(),
        span.getName(),
        SpanKind.ofNumber(span.getKindValue()),
        time(span.getStartTimeUnixNano()),
        time(span.getEndTimeUnixNano()),
        attributes(span.getAttributesList()),
        events(span.getEventsList()),
        links(span.getLinksList()),
        SpanStatus.of(span.getStatus().getCodeValue(), span.getStatus().getMessage()),
        group.process.resource,
        group.scope);
  }

  private static List<SpanEvent> events(List<Span.Event> events) {
    return events.stream()
        .map(
            event ->
                new SpanEvent(
                    event.getName(),
                    time(event.getTimeUnixNano()),
                    attributes(event.getAttributesList())))
        .toList();
  }

  /** A link to nowhere is left out, as a span without it is still worth showing. */
  private static List<SpanLink> links(List<Span.Link> links) {
    return links.stream()
        .map(
            link ->
                new SpanLink(
                    HexId.of(link.getTraceId(), 16),
                    HexId.of(link.getSpanId(), 8),
                    link.getTraceState(),
                    link.getFlags(),
                    attributes(link.getAttributesList())))
        .filter(link -> !link.traceId().isEmpty() && !link.spanId().isEmpty())
        .toList();
  }

  private static Map<String, Object> attributes(List<KeyValue> attributes) {
    if (attributes.isEmpty()) {
      return Map.of();
    }
    Map<String, Object> values = new LinkedHashMap<>(2 * attributes.size());
    attributes.forEach(attribute -> values.put(attribute.getKey(), value(attribute.getValue())));
    return values;
  }

  private static Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream().map(SpanDecoder::value).toList();
      case KVLIST_VALUE -> attributes(value.getKvlistValue().getValuesList());
      case BYTES_VALUE -> base64(value.getBytesValue());
      default -> null;
    };
  }

  /** Times beyond the year 2262 come out negative; differences of what is left never overflow. */
  private static long time(long unixNanos) {
    return Math.max(0, unixNanos);
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static UncheckedIOException unreadable(IOException e) {
    return new UncheckedIOException("what was kept of a span cannot be read", e);
  }
}
