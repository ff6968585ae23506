package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.config.OtlpProtocol;
import dev.serving.trace.export.ExportPipeline;
import dev.serving.trace.testing.OtlpTestReceiver;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent is what a real receiver of OTLP reads, over both protocols. */
@Tag("newer-opentelemetry")
class OtlpExportTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private final TracingMetrics metrics = new TracingMetrics();

  @ParameterizedTest
  @EnumSource
  void aSpanArrivesWithAllThatItHolds(OtlpProtocol protocol) throws Exception {
    Span span = sent(protocol, full(), false);
    assertThat(hex(span.getTraceId().toByteArray())).isEqualTo(TRACE);
    assertThat(hex(span.getSpanId().toByteArray())).isEqualTo("b7ad6b7169203331");
    assertThat(hex(span.getParentSpanId().toByteArray())).isEqualTo("00f067aa0ba902b7");
    assertThat(span.getTraceState()).isEqualTo("a=1,b=2");
    assertThat(span.getFlags()).isEqualTo(0x303);
    assertThat(span.getName()).isEqualTo("PREFILL ü 中 😀");
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(span.getStartTimeUnixNano()).isEqualTo(1_700_000_000_000_000_001L);
    assertThat(span.getEndTimeUnixNano()).isEqualTo(1_700_000_000_000_000_002L);
    assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(span.getStatus().getMessage()).isEqualTo("late");
    assertThat(span.getDroppedAttributesCount()).isEqualTo(3);
    assertThat(span.getDroppedEventsCount()).isEqualTo(1);
    assertThat(span.getDroppedLinksCount()).isEqualTo(2);
    assertThat(span.getEvents(0).getName()).isEqualTo("first_token");
    assertThat(span.getEvents(0).getTimeUnixNano()).isEqualTo(5);
    assertThat(span.getEvents(0).getAttributes(0).getValue().getIntValue()).isEqualTo(-1);
    assertThat(hex(span.getLinks(0).getSpanId().toByteArray())).isEqualTo("00f067aa0ba902b7");
    assertThat(span.getLinks(0).getFlags()).isEqualTo(0x301);
  }

  @ParameterizedTest
  @EnumSource
  void everyTypeOfAttributeArrives(OtlpProtocol protocol) throws Exception {
    Span span = sent(protocol, full(), true);
    Map<String, String> values =
        span.getAttributesList().stream()
            .collect(
                Collectors.toMap(
                    a -> a.getKey(), a -> a.getValue().toString().replaceAll("\\s+", " ").strip()));
    assertThat(values)
        .containsEntry("text", "string_value: \"x\"")
        .containsEntry("number", "int_value: 9223372036854775807")
        .containsEntry("real", "double_value: 0.5")
        .containsEntry("flag", "bool_value: true")
        .containsEntry(
            "list", "array_value { values { string_value: \"a\" } values { string_value: \"b\" } }")
        .containsEntry(
            "tree",
            "kvlist_value { values { key: \"k\" value { array_value { values { int_value: 1 }"
                + " values { bytes_value: \"\\001\\377\" } } } } }");
  }

  @ParameterizedTest
  @EnumSource
  void resourceAndScopeArriveOncePerRequest(OtlpProtocol protocol) throws Exception {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(protocol)) {
      try (ExportPipeline pipeline = pipeline(receiver, protocol, false)) {
        for (int i = 0; i < 1000; i++) {
          pipeline.accept(full());
        }
        assertThat(pipeline.flush(Duration.ofSeconds(10))).isTrue();
      }
      assertThat(receiver.spans()).hasSize(1000);
      assertThat(receiver.requests())
          .allSatisfy(request -> assertThat(request.getResourceSpansCount()).isEqualTo(1));
      var resource = receiver.resourceSpans().get(0);
      assertThat(resource.getResource().getAttributes(0).getKey()).isEqualTo("service.name");
      assertThat(resource.getScopeSpans(0).getScope().getName()).isEqualTo("dev.serving.trace");
      assertThat(resource.getScopeSpans(0).getScope().getVersion()).isEqualTo("1");
    }
  }

  private Span sent(OtlpProtocol protocol, SpanData span, boolean gzip) throws Exception {
    try (OtlpTestReceiver receiver = OtlpTestReceiver.start(protocol);
        ExportPipeline pipeline = pipeline(receiver, protocol, gzip)) {
      pipeline.accept(span);
      assertThat(pipeline.flush(Duration.ofSeconds(10))).isTrue();
      assertThat(receiver.headers().get(0)).containsEntry("authorization", "Basic abc==");
      return receiver.spans().get(0);
    }
  }

  private ExportPipeline pipeline(OtlpTestReceiver receiver, OtlpProtocol protocol, boolean gzip) {
    TracingConfig config =
        TracingConfig.builder()
            .enabled(true)
            .endpoint(receiver.endpoint())
            .otlp(
                o ->
                    o.withProtocol(protocol)
                        .withGzip(gzip)
                        .withHeader("authorization", "Basic abc=="))
            .build();
    return TracingStart.pipeline(config, metrics);
  }

  private static final Resource RESOURCE =
      Resource.create(Attributes.builder().put("service.name", "test").build());
  private static final InstrumentationScopeInfo SCOPE =
      InstrumentationScopeInfo.builder("dev.serving.trace").setVersion("1").build();

  private static SpanData full() {
    Attributes attributes =
        Attributes.builder()
            .put("text", "x")
            .put("number", Long.MAX_VALUE)
            .put("real", 0.5)
            .put("flag", true)
            .put(AttributeKey.stringArrayKey("list"), List.of("a", "b"))
            .put(
                AttributeKey.valueKey("tree"),
                Value.of(
                    KeyValue.of("k", Value.of(Value.of(1), Value.of(new byte[] {1, (byte) 255})))))
            .build();
    TraceState state = TraceState.builder().put("b", "2").put("a", "1").build();
    TraceFlags flags = TraceFlags.fromByte((byte) 3);
    SpanContext parent =
        SpanContext.createFromRemoteParent(
            TRACE, "00f067aa0ba902b7", TraceFlags.getSampled(), TraceState.getDefault());
    return TestSpanData.builder()
        .setName("PREFILL ü 中 😀")
        .setKind(SpanKind.SERVER)
        .setSpanContext(SpanContext.create(TRACE, "b7ad6b7169203331", flags, state))
        .setParentSpanContext(parent)
        .setStartEpochNanos(1_700_000_000_000_000_001L)
        .setEndEpochNanos(1_700_000_000_000_000_002L)
        .setHasEnded(true)
        .setAttributes(attributes)
        .setTotalAttributeCount(attributes.size() + 3)
        .setEvents(
            List.of(
                EventData.create(5, "first_token", Attributes.of(AttributeKey.longKey("n"), -1L))))
        .setTotalRecordedEvents(2)
        .setLinks(List.of(LinkData.create(parent)))
        .setTotalRecordedLinks(3)
        .setStatus(StatusData.create(StatusCode.ERROR, "late"))
        .setResource(RESOURCE)
        .setInstrumentationScopeInfo(SCOPE)
        .build();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
