package dev.serving.trace;

import static dev.serving.trace.TraceFunctions.traceGetProcPropagateContext;
import static dev.serving.trace.TraceFunctions.traceGetRemotePropagateContext;
import static dev.serving.trace.TraceFunctions.traceReqFinish;
import static dev.serving.trace.TraceFunctions.traceReqStart;
import static dev.serving.trace.TraceFunctions.traceSetProcPropagateContext;
import static dev.serving.trace.TraceFunctions.traceSetRemotePropagateContext;
import static dev.serving.trace.TraceFunctions.traceSetThreadInfo;
import static dev.serving.trace.TraceFunctions.traceSliceEnd;
import static dev.serving.trace.TraceFunctions.traceSliceStart;
import static dev.serving.trace.testing.TraceRecorder.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceRecorder;
import dev.serving.trace.testing.Transport;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules 31 to 44 of the reference: carriers between threads, processes and nodes. */
@ParameterizedClass
@EnumSource
class ConformanceCarriersTest {
  private static final String ROOT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @RegisterExtension final TraceRecorder recorder;

  ConformanceCarriersTest(Transport transport) {
    recorder = new TraceRecorder(transport);
  }

  @BeforeEach
  void init() {
    TraceFunctions.processTracingInit(recorder.tracing());
    traceSetThreadInfo("API Server");
  }

  private static void start() {
    traceReqStart("r", (Context) null, T, "FastDeploy");
  }

  private static void slice(String name, long from, long to) {
    traceSliceStart(name, "r", from, false);
    traceSliceEnd(name, "r", to, null, false, false);
  }

  private static void lastSlice(String name, long from, long to) {
    traceSliceStart(name, "r", from, false);
    traceSliceEnd(name, "r", to, null, false, true);
  }

  private static void readFromPython(Map<String, ?> carrier) {
    traceSetProcPropagateContext("r", TraceCarrier.fromMap(carrier), T);
  }

  @Test
  void r31_withoutASliceThereIsNoPreviousSpan() {
    start();
    TraceCarrier carrier = traceGetProcPropagateContext("r");
    traceReqFinish("r", T + 1, null);
    assertThat(carrier.toFastDeployMap()).containsEntry("prev_span", "None");
    assertThat(carrier.toMap()).doesNotContainKey("prev");
  }

  @Test
  void r32_thePreviousSpanIsTheOutermostOpenSlice() {
    start();
    traceSliceStart("outer", "r", T + 1, false);
    traceSliceStart("inner", "r", T + 2, false);
    TraceCarrier carrier = traceGetProcPropagateContext("r");
    traceSliceEnd("inner", "r", T + 3, null, false, false);
    traceSliceEnd("outer", "r", T + 4, null, false, false);
    traceReqFinish("r", T + 5, null);
    assertThat(carrier.previous().getSpanId()).isEqualTo(recorder.span("outer").spanId());
  }

  @Test
  void r33_elseThePreviousSpanIsTheOutermostSliceClosedLast() {
    start();
    slice("A", T + 1, T + 2);
    traceSliceStart("B", "r", T + 2, false);
    slice("nested", T + 2, T + 3);
    traceSliceEnd("B", "r", T + 4, null, false, false);
    TraceCarrier carrier = traceGetProcPropagateContext("r");
    traceReqFinish("r", T + 5, null);
    assertThat(carrier.previous().getSpanId()).isEqualTo(recorder.span("B").spanId());
  }

  @Test
  void r34_anEmptyOrIncompleteCarrierDoesNothing() {
    traceSetProcPropagateContext("r", null, T);
    readFromPython(null);
    readFromPython(Map.of());
    readFromPython(Map.of("prev_span", "None"));
    slice("A", T, T + 1);
    assertThat(recorder.spans()).isEmpty();
    assertThat(recorder.faults(TraceFault.UNUSABLE_CARRIER)).isEqualTo(1);
  }

  @Test
  void r35_aCarrierMakesACopyThatBeginsAtItsTime() {
    readFromPython(Map.of("root_span", Map.of("traceparent", ROOT), "prev_span", "None"));
    lastSlice("A", T + 3, T + 4);
    SeenSpan lane = recorder.span("API Server");
    assertThat(lane.start()).isEqualTo(T);
    assertThat(lane.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(lane.parentId()).isEqualTo("b7ad6b7169203331");
    assertThat(recorder.names()).containsExactlyInAnyOrder("A", "API Server");
  }

  @Test
  void r36_aSecondCarrierOnAThreadIsIgnored() {
    TraceCarrier first = carrier("00f067aa0ba902b7");
    TraceCarrier second = carrier("00f067aa0ba902b8");
    traceSetProcPropagateContext("r", first, T);
    traceSetProcPropagateContext("r", second, T + 1);
    lastSlice("A", T + 3, T + 4);
    assertThat(recorder.span("A").links())
        .containsExactly(new SeenSpan.Link("0af7651916cd43dd8448eb211c80319c", "00f067aa0ba902b7"));
    assertThat(recorder.spans()).hasSize(2);
  }

  private static TraceCarrier carrier(String previous) {
    return TraceCarrier.fromMap(
        Map.of("root", ROOT, "prev", "00-0af7651916cd43dd8448eb211c80319c-" + previous + "-01"));
  }

  @Test
  void r37_twoThreadsOfACopyHaveALaneEachThatBeginsWithTheCopy() throws Exception {
    traceSetProcPropagateContext("r", carrier("00f067aa0ba902b7"), T);
    InThread.run(
        () -> {
          traceSetThreadInfo("second");
          traceSetProcPropagateContext("r", carrier("00f067aa0ba902b7"), T + 5);
          lastSlice("B", T + 6, T + 7);
        });
    lastSlice("A", T + 1, T + 9);
    assertThat(recorder.span("second").start()).isEqualTo(T);
    assertThat(recorder.span("second").parentId())
        .isEqualTo(recorder.span("API Server").parentId())
        .isEqualTo("b7ad6b7169203331");
  }

  @Test
  void r38_idsSurviveEveryFormExactly() {
    TraceCarrier carrier =
        TraceCarrier.fromMap(
            Map.of(
                "root",
                "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-03",
                "prev",
                "00-ffffffffffffffffffffffffffffffff-8000000000000001-03",
                "tracestate",
                "a=1,b=2",
                "level",
                "3",
                "start",
                Long.toString(T)));
    assertThat(TraceCarrier.fromBytes(carrier.toBytes())).isEqualTo(carrier);
    assertThat(TraceCarrier.fromMap(carrier.toMap())).isEqualTo(carrier);
    String json = CarrierJson.write(carrier.toFastDeployMap());
    TraceCarrier read = TraceCarrier.fromMap(CarrierJson.read(json));
    assertThat(json).contains("\"span_id\":9223372036854775809");
    assertThat(read.root()).isEqualTo(carrier.root());
    assertThat(read.previous()).isEqualTo(carrier.previous());
  }

  @Test
  void r40_aThreadWithoutALaneGetsTheRootAndNothingThrows() throws Exception {
    start();
    slice("A", T, T + 1);
    TraceCarrier carrier = InThread.call(() -> traceGetProcPropagateContext("r"));
    traceReqFinish("r", T + 5, null);
    assertThat(carrier.root().getSpanId()).isEqualTo(recorder.span("FastDeploy Req").spanId());
    assertThat(traceGetProcPropagateContext("unknown").isNone()).isTrue();
  }

  @Test
  void r41_whoNamesARoomFirstMakesItsSpanAboveTheRootAndNoneIsNone() {
    traceReqStart("a", "12", T, "prefill");
    traceReqFinish("a", T + 1, null);
    traceReqStart("b", "0", T, "decode");
    traceReqStart("c", (String) null, T, "unified");
    traceReqFinish("b", T + 1, null);
    traceReqFinish("c", T + 1, null);
    SeenSpan room = recorder.span("Bootstrap Room");
    assertThat(room.attributes()).containsOnly(Map.entry("bootstrap_room", "12"));
    assertThat(room.parentId()).isEmpty();
    assertThat(room.end()).isEqualTo(T + 1);
    assertThat(recorder.span("prefill Req").attribute("bootstrap_room")).isEqualTo("12");
    assertThat(recorder.span("prefill Req").isChildOf(room)).isTrue();
    assertThat(recorder.span("decode Req").attributes()).doesNotContainKey("bootstrap_room");
    assertThat(recorder.span("unified Req").attributes()).doesNotContainKey("bootstrap_room");
    assertThat(recorder.names()).hasSize(7);
  }

  @Test
  void r42_whoJoinsARoomHangsItsRootUnderTheRoomAndLinksItsFirstSlice() throws Exception {
    traceReqStart("router", "77", T, "router");
    traceSliceStart("route", "router", T + 1, false);
    String header = traceGetRemotePropagateContext(List.of("77"));
    traceSetRemotePropagateContext(header);
    InThread.run(
        () -> {
          traceSetThreadInfo("prefill");
          traceReqStart("r", "77", T + 2, "prefill");
          slice("PREFILL", T + 3, T + 4);
          traceReqFinish("r", T + 5, null);
        });
    traceSliceEnd("route", "router", T + 8, null, false, true);
    traceReqFinish("router", T + 9, null);
    assertThat(recorder.span("prefill Req").isChildOf(recorder.span("Bootstrap Room"))).isTrue();
    assertThat(recorder.span("router Req").isChildOf(recorder.span("Bootstrap Room"))).isTrue();
    assertThat(recorder.span("PREFILL").linksTo(recorder.span("route"))).isTrue();

    traceReqStart("later", "77", T + 20, "later");
    traceReqFinish("later", T + 21, null);
    assertThat(recorder.names()).filteredOn("Bootstrap Room"::equals).hasSize(2);
  }

  @Test
  void r43_unknownRoomsAreSkipped() {
    assertThat(traceGetRemotePropagateContext(List.of("1", "2"))).isEmpty();
    TraceFunctions.processTracingShutdown();
    assertThat(traceGetRemotePropagateContext(List.of("1"))).isEmpty();
  }

  @Test
  void r44_theFirstWordOnARoomCounts() {
    traceSetRemotePropagateContext(null);
    traceSetRemotePropagateContext("");
    traceSetRemotePropagateContext("None");
    assertThat(recorder.faults(TraceFault.UNUSABLE_CARRIER)).isZero();
    traceSetRemotePropagateContext(RemoteContexts.write(Map.of("5", carrier("00f067aa0ba902b7"))));
    traceSetRemotePropagateContext(RemoteContexts.write(Map.of("5", carrier("00f067aa0ba902b8"))));
    traceReqStart("r", "5", T, "prefill");
    slice("A", T, T + 1);
    traceReqFinish("r", T + 1, null);
    assertThat(recorder.span("A").links().get(0).spanId()).isEqualTo("00f067aa0ba902b7");
  }
}
