package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.Test;

/** This shows how a request, its lanes and its slices become spans. */
class HandlesTest extends TracedTest {
  @Test
  void aRequestIsARootWithLanesWithSlices() {
    tracing.threadInfo("preprocess", 0, 1);
    TraceReqContext request = tracing.startRequest("r1", null, T, "FastDeploy");
    TraceThreadContext lane = request.lane(T + 1);
    TraceSlice outer = lane.slice(TraceSpanName.PREPROCESSING, T + 2).set("tokens", 7);
    TraceSlice inner = lane.slice("tokenize", 3, T + 3);
    inner.end(T + 4);
    outer.end(T + 5);
    lane.finish(T + 6);
    request.finish(T + 7, Attributes.of(AttributeKey.longKey("status"), 200L));

    SpanData root = span("FastDeploy Req");
    SpanData thread = span("preprocess");
    SpanData stage = span("PREPROCESSING");
    SpanData detail = span("tokenize");
    assertThat(root.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(root.getParentSpanContext().isValid()).isFalse();
    assertThat(thread.getParentSpanId()).isEqualTo(root.getSpanId());
    assertThat(stage.getParentSpanId()).isEqualTo(thread.getSpanId());
    assertThat(detail.getParentSpanId()).isEqualTo(stage.getSpanId());
    assertThat(root.getAttributes().get(AttributeKey.stringKey("rid"))).isEqualTo("r1");
    assertThat(root.getAttributes().get(AttributeKey.longKey("status"))).isEqualTo(200);
    assertThat(thread.getAttributes().get(AttributeKey.longKey("tp_rank"))).isZero();
    assertThat(thread.getAttributes().get(AttributeKey.longKey("dp_rank"))).isEqualTo(1);
    assertThat(stage.getAttributes().get(AttributeKey.longKey("tokens"))).isEqualTo(7);
    assertThat(stage.getStartEpochNanos()).isEqualTo(T + 2);
    assertThat(stage.getEndEpochNanos()).isEqualTo(T + 5);
    assertThat(root.getEndEpochNanos()).isEqualTo(T + 7);
  }

  @Test
  void aCarrierJoinsTheTraceAndLinksToTheSpanBefore() {
    TraceReqContext request = tracing.startRequest("r1", null, T, "FastDeploy");
    TraceThreadContext lane = request.lane(T);
    lane.slice("A", T).end(T + 1);
    byte[] wire = lane.carrier().toBytes();

    TraceReqContext copy = tracing.joinRequest("r1", TraceCarrier.fromBytes(wire), T + 2);
    try (TraceThreadContext there = copy.lane(T + 2)) {
      there.slice("B", T + 2).end(T + 3);
    }
    copy.finish(T + 4, null);
    request.finish(T + 4, null);

    assertThat(span("B").getTraceId()).isEqualTo(span("A").getTraceId());
    assertThat(span("B").getLinks())
        .singleElement()
        .satisfies(
            link -> assertThat(link.getSpanContext().getSpanId()).isEqualTo(span("A").getSpanId()));
    assertThat(spans()).hasSize(5);
  }
}
