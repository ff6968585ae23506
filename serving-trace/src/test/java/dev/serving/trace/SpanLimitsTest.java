package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.config.AttributeRules;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * This shows that OpenTelemetry's limits and the rules of attributes hold on every span and part.
 */
class SpanLimitsTest {
  private static final Attributes FOUR =
      Attributes.builder().put("a", "long text").put("b", 1).put("c", true).put("d", 0.5).build();

  /** A request with a lane of this thread, and one that is cut with its slice by another's end. */
  private static List<SpanData> spans(UnaryOperator<TracingConfig.Builder> change)
      throws Exception {
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    TracingConfig.Builder builder = TracingConfig.builder().enabled(true).closedAtExit(false);
    try (Tracing tracing = Tracing.start(change.apply(builder).build(), exporter)) {
      TraceReqContext request = tracing.startRequest(TraceReqStart.of("r").withAttributes(FOUR));
      InThread.run(
          () -> {
            tracing.threadInfo("other", 0, 0);
            fill(request.lane().slice("cut").event("e", 0, FOUR).event("f", 0, FOUR));
          });
      try (TraceThreadContext lane = request.lane();
          TraceSlice slice = lane.slice("S")) {
        fill(slice.event("e", 0, FOUR).event("f", 0, FOUR));
        fill(lane);
      }
      request.event("e", 0, FOUR).event("f", 0, FOUR);
      request.link(request.carrier(), FOUR).link(request.carrier(), FOUR).finish(0, FOUR);
      assertThat(tracing.flush(Duration.ofSeconds(10))).isTrue();
      return List.copyOf(exporter.getFinishedSpanItems());
    }
  }

  private static void fill(TraceSpan<?> span) {
    span.set(FOUR).set("e", "more").set("f", "text").error(new IllegalStateException("long text"));
  }

  private static List<SpanData> limited(Map<String, String> variables) throws Exception {
    return spans(
        b ->
            TracingConfig.fromEnvironment(variables).toBuilder().enabled(true).closedAtExit(false));
  }

  @Test
  void theyHoldOnRootsLanesAndSlicesAlsoOnThoseThatAreCut() throws Exception {
    List<SpanData> spans =
        limited(
            Map.of(
                "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "4",
                "OTEL_ATTRIBUTE_COUNT_LIMIT", "3",
                "OTEL_SPAN_EVENT_COUNT_LIMIT", "1",
                "OTEL_SPAN_LINK_COUNT_LIMIT", "1"));
    assertThat(spans).hasSize(5);
    for (SpanData span : spans) {
      assertWithin(span.getAttributes(), 3);
      assertThat(span.getTotalAttributeCount()).as(span.getName()).isGreaterThan(3);
      assertThat(span.getEvents()).hasSizeLessThanOrEqualTo(1);
      span.getEvents().forEach(event -> assertWithin(event.getAttributes(), 3));
      assertThat(span.getLinks()).hasSizeLessThanOrEqualTo(1);
      span.getLinks().forEach(link -> assertWithin(link.getAttributes(), 3));
    }
    assertThat(named(spans, "cut").getTotalRecordedEvents()).isGreaterThan(1);
    assertThat(named(spans, "Req").getTotalRecordedLinks()).isEqualTo(2);
    assertThat(named(spans, "Req").getLinks().get(0).getTotalAttributeCount()).isEqualTo(4);
  }

  @Test
  void noneMayBeLeft() throws Exception {
    for (SpanData span :
        limited(
            Map.of(
                "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "0",
                "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "1",
                "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "1"))) {
      assertWithin(span.getAttributes(), 1, 0);
      span.getLinks().forEach(link -> assertWithin(link.getAttributes(), 1, 0));
    }
  }

  private static void assertWithin(Attributes attributes, int most) {
    assertWithin(attributes, most, 4);
  }

  private static void assertWithin(Attributes attributes, int most, int longest) {
    assertThat(attributes.size()).isLessThanOrEqualTo(most);
    assertThat(attributes.asMap().values())
        .filteredOn(String.class::isInstance)
        .allSatisfy(text -> assertThat((String) text).hasSizeLessThanOrEqualTo(longest));
  }

  @Test
  void rulesHoldOnThemToo() throws Exception {
    List<SpanData> spans =
        spans(b -> b.attributeRules(AttributeRules.parse("*=drop,b=hash,thread_label=cut:2")));
    for (SpanData span : spans) {
      assertThat(span.getAttributes().asMap().keySet())
          .extracting(key -> key.getKey())
          .isSubsetOf("b", "thread_label");
      span.getEvents().forEach(e -> assertThat(e.getAttributes().asMap().size()).isLessThan(2));
    }
    LinkData link = named(spans, "Req").getLinks().get(0);
    assertThat(link.getAttributes().asMap().values()).singleElement().asString().hasSize(64);
    assertThat(named(spans, "other").getAttributes().asMap().values()).containsExactly("ot");
  }

  private static SpanData named(List<SpanData> spans, String name) {
    return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
  }
}
