package dev.serving.viewer;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HexFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * OTLP's JSON, which is protobuf's JSON with hexadecimal ids: 64-bit numbers may be strings, enums
 * are numbers, unknown fields are skipped.
 */
final class OtlpJson {
  private OtlpJson() {}

  static ExportTraceServiceRequest read(ByteString body) throws MalformedExportException {
    try {
      return request(Json.tree(body));
    } catch (JacksonException e) {
      throw new MalformedExportException("the body is no JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new MalformedExportException(
          "the body is no ExportTraceServiceRequest: " + e.getMessage(), e);
    }
  }

  private static ExportTraceServiceRequest request(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("it must be a JSON object");
    }
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    for (JsonNode resource : JsonFields.list(json, "resourceSpans")) {
      request.addResourceSpans(resourceSpans(resource));
    }
    return request.build();
  }

  private static ResourceSpans resourceSpans(JsonNode json) {
    Resource.Builder resource = Resource.newBuilder();
    resource.addAllAttributes(OtlpJsonValues.attributes(json.path("resource")));
    ResourceSpans.Builder spans = ResourceSpans.newBuilder().setResource(resource);
    for (JsonNode scope : JsonFields.list(json, "scopeSpans")) {
      spans.addScopeSpans(scopeSpans(scope));
    }
    return spans.build();
  }

  private static ScopeSpans scopeSpans(JsonNode json) {
    JsonNode scope = json.path("scope");
    ScopeSpans.Builder spans =
        ScopeSpans.newBuilder()
            .setScope(
                InstrumentationScope.newBuilder()
                    .setName(JsonFields.text(scope, "name"))
                    .setVersion(JsonFields.text(scope, "version")));
    for (JsonNode span : JsonFields.list(json, "spans")) {
      spans.addSpans(span(span));
    }
    return spans.build();
  }

  private static Span span(JsonNode json) {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(id(json, "traceId"))
            .setSpanId(id(json, "spanId"))
            .setParentSpanId(id(json, "parentSpanId"))
            .setTraceState(JsonFields.text(json, "traceState"))
            .setFlags((int) JsonFields.number(json, "flags"))
            .setName(JsonFields.text(json, "name"))
            .setKindValue((int) JsonFields.number(json, "kind"))
            .setStartTimeUnixNano(JsonFields.number(json, "startTimeUnixNano"))
            .setEndTimeUnixNano(JsonFields.number(json, "endTimeUnixNano"))
            .addAllAttributes(OtlpJsonValues.attributes(json))
            .setStatus(status(json.path("status")));
    JsonFields.list(json, "events").forEach(event -> span.addEvents(event(event)));
    JsonFields.list(json, "links").forEach(link -> span.addLinks(link(link)));
    return span.build();
  }

  private static Status.Builder status(JsonNode json) {
    return Status.newBuilder()
        .setCodeValue((int) JsonFields.number(json, "code"))
        .setMessage(JsonFields.text(json, "message"));
  }

  private static Span.Event event(JsonNode json) {
    return Span.Event.newBuilder()
        .setName(JsonFields.text(json, "name"))
        .setTimeUnixNano(JsonFields.number(json, "timeUnixNano"))
        .addAllAttributes(OtlpJsonValues.attributes(json))
        .build();
  }

  private static Span.Link link(JsonNode json) {
    return Span.Link.newBuilder()
        .setTraceId(id(json, "traceId"))
        .setSpanId(id(json, "spanId"))
        .setTraceState(JsonFields.text(json, "traceState"))
        .setFlags((int) JsonFields.number(json, "flags"))
        .addAllAttributes(OtlpJsonValues.attributes(json))
        .build();
  }

  private static ByteString id(JsonNode json, String field) {
    return ByteString.copyFrom(HexFormat.of().parseHex(JsonFields.text(json, field)));
  }
}
