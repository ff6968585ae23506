package dev.serving.trace;

import static dev.serving.trace.TraceFunctions.getTraceInfoForRequest;
import static dev.serving.trace.TraceFunctions.labelSpan;
import static dev.serving.trace.TraceFunctions.processTracingInit;
import static dev.serving.trace.TraceFunctions.traceEvent;
import static dev.serving.trace.TraceFunctions.traceEventBatch;
import static dev.serving.trace.TraceFunctions.traceGetProcPropagateContext;
import static dev.serving.trace.TraceFunctions.traceGetRemotePropagateContext;
import static dev.serving.trace.TraceFunctions.traceReportSpan;
import static dev.serving.trace.TraceFunctions.traceReqFinish;
import static dev.serving.trace.TraceFunctions.traceReqStart;
import static dev.serving.trace.TraceFunctions.traceSetProcPropagateContext;
import static dev.serving.trace.TraceFunctions.traceSetThreadInfo;
import static dev.serving.trace.TraceFunctions.traceSlice;
import static dev.serving.trace.TraceFunctions.traceSliceAddAttr;
import static dev.serving.trace.TraceFunctions.traceSliceBatch;
import static dev.serving.trace.TraceFunctions.traceSliceEnd;
import static dev.serving.trace.TraceFunctions.traceSliceStart;
import static dev.serving.trace.TraceFunctions.traceSpan;
import static dev.serving.trace.testing.TraceRecorder.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceRecorder;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The calls of FastDeploy's guide, as near as Java's syntax allows, do what it says. */
class GuideTest {
  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  @BeforeEach
  void init() {
    processTracingInit(recorder.tracing());
    traceSetThreadInfo("thread_label", 0);
  }

  @Test
  void theCallsOfTheGuide() throws Exception {
    traceReqStart("r", 7, 0, "FastDeploy");
    traceSliceStart(TraceSpanName.PREPROCESS, "r");
    traceEvent("event_name", "r");
    traceEvent("event_name", "r", 0, Map.of("k", 1));
    traceSliceAddAttr("r", Map.of("text", "t", "list", List.of(1, 2), "ratio", 0.5, "yes", true));
    traceSpan("x", () -> assertThat(recorder.names()).isEmpty());
    assertThat(traceSpan(TraceSpanName.DECODE, () -> 7)).isEqualTo(7);
    traceSliceEnd(TraceSpanName.PREPROCESS, "r", true);
    TraceCarrier carrier = traceGetProcPropagateContext("r");
    InThread.run(
        () -> {
          traceSetThreadInfo("other");
          traceSetProcPropagateContext("r", carrier);
          traceSliceStart("slice_name", "r");
          traceSliceEnd("slice_name", "r", true);
        });
    traceReqFinish("r", 0, Map.of("tokens", 3));

    SeenSpan root = recorder.span("FastDeploy Req");
    assertThat(root.isChildOf(recorder.span("Bootstrap Room"))).isTrue();
    assertThat(root.attributes()).containsEntry("tokens", 3L).containsEntry("bootstrap_room", "7");
    assertThat(recorder.span("PREPROCESSING").attributes())
        .containsEntry("text", "t")
        .containsEntry("list", List.of(1L, 2L))
        .containsEntry("ratio", 0.5)
        .containsEntry("yes", true);
    assertThat(recorder.span("slice_name").linksTo(recorder.span("PREPROCESSING"))).isTrue();
    assertThat(recorder.span("thread_label").attributes()).containsEntry("tp_rank", 0L);
  }

  /** Python's defaults can be left out from the right, and a name may be one of the enumeration. */
  @Test
  void whatPythonGivesADefaultCanBeLeftOut() {
    traceReqStart("a", "9", TraceSpanName.FASTDEPLOY);
    traceReqStart("b", null, TraceSpanName.FASTDEPLOY);
    traceReqStart("c", null, 0, TraceSpanName.FASTDEPLOY);
    traceSliceStart(TraceSpanName.PREFILL, "a", true);
    traceSliceEnd(TraceSpanName.PREFILL, "a", 0, null, true);
    traceSlice(TraceSpanName.DECODE, "a", 0, Map.of("tokens", 2), true);
    traceSliceEnd(TraceSpanName.POSTPROCESS, "a", 0, Map.of());
    traceReportSpan("reported", "a", T, T + 1, Map.of("k", 1));
    assertThat(traceGetRemotePropagateContext(List.of(9))).isNotEmpty();
    traceEventBatch(TraceSpanName.DECODE, List.of(), 0, null);
    for (String rid : List.of("a", "b", "c")) {
      traceReqFinish(rid, 0);
    }
    assertThat(recorder.names()).filteredOn("FASTDEPLOY Req"::equals).hasSize(3);
    assertThat(recorder.span("DECODE").linksTo(recorder.span("PREFILL"))).isTrue();
    assertThat(recorder.span("POSTPROCESSING").linksTo(recorder.span("DECODE"))).isTrue();
    assertThat(recorder.span("reported").attributes()).containsEntry("k", 1L);
  }

  @Test
  void aBareNullIsTakenWhereverItHasAMeaning() {
    traceReqStart("r", null, 0, null);
    traceReqStart("s", null);
    traceReqStart("t", null, 0);
    traceSliceStart(null, "r");
    traceSliceAddAttr("r", null);
    traceEvent(null, "r", 0, null);
    traceSliceEnd(null, "r", 0, null);
    traceSliceStart("S", "r", 0, false);
    traceSliceEnd("S", "r", 0, null, false, true);
    traceSetProcPropagateContext("r", null);
    for (String rid : List.of("r", "s", "t")) {
      assertThat(getTraceInfoForRequest(rid)).isPresent();
      traceReqFinish(rid, 0, null);
    }
    assertThat(recorder.names()).filteredOn("Req"::equals).hasSize(3);
    assertThat(recorder.names()).doesNotContain("Bootstrap Room");
  }

  @Test
  void aRoomInsideACurrentSpanHasItsSpanUnderThatOne() {
    try (ForeignSpan http = new ForeignSpan(recorder, "POST /v1/completions")) {
      traceReqStart("r", "9", 0, "FastDeploy");
      traceReqFinish("r");
      assertThat(http.isOpen()).isTrue();
    }
    SeenSpan room = recorder.span("Bootstrap Room");
    assertThat(room.isChildOf(recorder.span("POST /v1/completions"))).isTrue();
    assertThat(recorder.span("FastDeploy Req").isChildOf(room)).isTrue();
  }

  @Test
  void whatIsNeitherRoomNorMapIsCountedAndIgnored() {
    traceReqStart("r", new Object(), 0, "FastDeploy");
    traceSliceStart("S", "r");
    traceSliceAddAttr("r", "text");
    traceReqFinish("r");
    assertThat(recorder.faults(TraceFault.UNREADABLE_VALUE)).isEqualTo(2);
    assertThat(recorder.names()).doesNotContain("Bootstrap Room");
  }

  @Test
  void streamIsHandedOnToWhatBeginsUnderTheSpanThatHasIt() throws Exception {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    TraceThreadContext lane = request.lane();
    lane.slice("before").end();
    traceSpanLabelled(request);
    TraceSlice outer = lane.slice("outer");
    lane.slice("inner").end();
    outer.end();
    request.finish();
    assertThat(recorder.span("Req").attributes()).containsEntry("stream", "true");
    assertThat(recorder.span("outer").attributes()).containsEntry("stream", "true");
    assertThat(recorder.span("inner").attributes()).containsEntry("stream", "true");
    assertThat(recorder.span("before").attributes()).doesNotContainKey("stream");
  }

  private static void traceSpanLabelled(TraceReqContext request) {
    try (var current = request.makeCurrent()) {
      assertThat(current).isNotNull();
      labelSpan(true);
    }
  }

  @Test
  void aCopysCarrierOutlivesItsLastLane() {
    TraceCarrier came =
        TraceCarrier.fromMap(
            Map.of("root", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    traceSetProcPropagateContext("copy", came);
    traceSliceStart("SCHEDULE", "copy");
    traceSliceEnd("SCHEDULE", "copy", true);
    assertThat(traceGetProcPropagateContext("copy").previous().getSpanId())
        .isEqualTo(recorder.span("SCHEDULE").spanId());
    traceReqFinish("copy");
    assertThat(traceGetProcPropagateContext("copy").isNone()).isTrue();
  }

  @Test
  void whereTracingIsOffTheFunctionsHandOnWhatCameIn() {
    TraceFunctions.processTracingShutdown();
    processTracingInit(Tracing.noop());
    TraceCarrier came =
        TraceCarrier.fromMap(
            Map.of("root", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    traceSetProcPropagateContext("r", came);
    assertThat(traceGetProcPropagateContext("r")).isEqualTo(came);
    traceReqFinish("r");
    assertThat(traceGetProcPropagateContext("r").isNone()).isTrue();
  }

  @Test
  void whereTracingHasEndedTheyDoSoToo() {
    TraceCarrier came =
        TraceCarrier.fromMap(
            Map.of("root", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    recorder.tracing().close();
    traceSetProcPropagateContext("r", came);
    assertThat(traceGetProcPropagateContext("r")).isEqualTo(came);
    TraceFunctions.processTracingShutdown();
    assertThat(traceGetProcPropagateContext("r").isNone()).isTrue();
    traceSetProcPropagateContext("r", came);
    assertThat(traceGetProcPropagateContext("r")).isEqualTo(came);
    traceReqFinish("r");
  }

  @Test
  void arraysAndCountersAreValues() {
    traceReqStart("r");
    traceSliceStart("S", "r");
    traceSliceAddAttr(
        "r",
        Map.of(
            "texts",
            new String[] {"a", null, "b"},
            "numbers",
            new int[] {1, 2},
            "count",
            new AtomicLong(7),
            "big",
            BigInteger.TEN));
    traceSliceEnd("S", "r", true);
    traceReqFinish("r");
    assertThat(recorder.span("S").attributes())
        .containsEntry("texts", List.of("a", "b"))
        .containsEntry("numbers", List.of(1L, 2L))
        .containsEntry("count", 7L)
        .containsEntry("big", 10L);
  }

  private record Running(String rid, List<Running> batch) implements TracedRequest {
    @Override
    public boolean finished() {
      batch.remove(this);
      return true;
    }
  }

  @Test
  void aBatchThatChangesIsTheOneAtTheCall() {
    List<Running> batch = new ArrayList<>();
    for (String rid : List.of("a", "b", "c")) {
      traceReqStart(rid);
      traceSliceStart("DECODE", rid);
      batch.add(new Running(rid, batch));
    }
    traceSliceBatch("DECODE", batch);
    assertThat(recorder.names()).filteredOn("DECODE"::equals).hasSize(3);
    List.of("a", "b", "c").forEach(TraceFunctions::traceReqFinish);
  }
}
