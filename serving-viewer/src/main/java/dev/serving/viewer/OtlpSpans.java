package dev.serving.viewer;

import com.google.protobuf.ByteString;
import dev.serving.viewer.store.HexId;
import dev.serving.viewer.store.SpanEvent;
import dev.serving.viewer.store.SpanKind;
import dev.serving.viewer.store.SpanLink;
import dev.serving.viewer.store.SpanResource;
import dev.serving.viewer.store.SpanScope;
import dev.serving.viewer.store.SpanStatus;
import dev.serving.viewer.store.StoredSpan;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns OTLP messages into the spans that are kept. Safe for any number of threads. */
final class OtlpSpans {
  /**
   * What came out.
   *
   * @param spans those that are whole
   * @param rejected number of those without a usable trace id or span id
   */
  record Result(List<StoredSpan> spans, int rejected) {}

  private final Names names = new Names();
  private final Resources resources = new Resources();

  Result read(ExportTraceServiceRequest request) {
    List<StoredSpan> spans = new ArrayList<>();
    int rejected = 0;
    for (ResourceSpans ofResource : request.getResourceSpansList()) {
      SpanResource resource =
          resources.shared(
              new SpanResource(attributes(ofResource.getResource().getAttributesList())));
      for (ScopeSpans ofScope : ofResource.getScopeSpansList()) {
        SpanScope scope = scope(ofScope.getScope());
        for (Span span : ofScope.getSpansList()) {
          rejected += read(span, resource, scope, spans) ? 0 : 1;
        }
      }
    }
    return new Result(spans, rejected);
  }

  private boolean read(Span span, SpanResource resource, SpanScope scope, List<StoredSpan> spans) {
    String traceId = HexId.of(span.getTraceId(), 16);
    String spanId = HexId.of(span.getSpanId(), 8);
    if (traceId.isEmpty() || spanId.isEmpty()) {
      return false;
    }
    spans.add(
        new StoredSpan(
            traceId,
            spanId,
            HexId.of(span.getParentSpanId(), 8),
            span.getTraceState(),
            span.getFlags(),
            names.shared(span.getName()),
            SpanKind.ofNumber(span.getKindValue()),
            time(span.getStartTimeUnixNano()),
            time(span.getEndTimeUnixNano()),
            attributes(span.getAttributesList()),
            events(span.getEventsList()),
            links(span.getLinksList()),
            SpanStatus.of(span.getStatus().getCodeValue(), span.getStatus().getMessage()),
            resource,
            scope));
    return true;
  }

  private SpanScope scope(InstrumentationScope scope) {
    return new SpanScope(names.shared(scope.getName()), names.shared(scope.getVersion()));
  }

  private List<SpanEvent> events(List<Span.Event> events) {
    return events.stream()
        .map(
            event ->
                new SpanEvent(
                    names.shared(event.getName()),
                    time(event.getTimeUnixNano()),
                    attributes(event.getAttributesList())))
        .toList();
  }

  /** A link to nowhere is left out, as a span without it is still worth keeping. */
  private List<SpanLink> links(List<Span.Link> links) {
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

  private Map<String, Object> attributes(List<KeyValue> attributes) {
    if (attributes.isEmpty()) {
      return Map.of();
    }
    Map<String, Object> values = new LinkedHashMap<>(2 * attributes.size());
    attributes.forEach(
        attribute -> values.put(names.shared(attribute.getKey()), value(attribute.getValue())));
    return values;
  }

  private Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case ARRAY_VALUE -> value.getArrayValue().getValuesList().stream().map(this::value).toList();
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
}
