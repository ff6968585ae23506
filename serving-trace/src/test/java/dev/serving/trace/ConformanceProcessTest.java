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
import static dev.serving.trace.TraceFunctions.traceSetRemotePropagateContext;
import static dev.serving.trace.TraceFunctions.traceSetThreadInfo;
import static dev.serving.trace.TraceFunctions.traceSliceAddAttr;
import static dev.serving.trace.TraceFunctions.traceSliceBatch;
import static dev.serving.trace.TraceFunctions.traceSliceEnd;
import static dev.serving.trace.TraceFunctions.traceSliceStart;
import static dev.serving.trace.TraceFunctions.traceSpan;
import static dev.serving.trace.testing.TraceRecorder.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.config.OtlpProtocol;
import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceRecorder;
import dev.serving.trace.testing.Transport;
import io.opentelemetry.context.Context;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rules 1 to 4 and 45 to 63 of the reference: the process, levels, look-up, and what SGLang has.
 */
@ParameterizedClass
@EnumSource
class ConformanceProcessTest {
  @RegisterExtension final TraceRecorder recorder;

  ConformanceProcessTest(Transport transport) {
    recorder = new TraceRecorder(transport);
  }

  private record Member(String rid, boolean finished) implements TracedRequest {}

  private TraceReqContext start() {
    return recorder.tracing().startRequest(TraceReqStart.of("r").withTs(T).withRole("FastDeploy"));
  }

  @Test
  void r01_offEveryFunctionReturnsAtOnce() throws Exception {
    List<Member> batch = List.of(new Member("r", true));
    traceSetThreadInfo("label", 0, 0);
    traceReqStart("r", Context.root(), T, "role");
    traceReqStart("r", "room", T, "role");
    traceSliceStart("A", "r", T, false);
    traceEvent("e", "r", T, null);
    traceSliceAddAttr("r", null);
    traceSliceEnd("A", "r", T, null, true, true);
    traceReportSpan("A", "r", T, T, null, true);
    traceSliceBatch("A", batch);
    traceEventBatch("e", batch, T, null);
    traceSetProcPropagateContext("r", TraceCarrier.none(), T);
    traceSetRemotePropagateContext("x");
    labelSpan(true);
    assertThat(traceGetProcPropagateContext("r")).isSameAs(TraceCarrier.none());
    assertThat(traceGetRemotePropagateContext(List.of("room"))).isEmpty();
    assertThat(getTraceInfoForRequest("r")).isEmpty();
    assertThat(traceSpan("s", () -> 7)).isEqualTo(7);
    traceReqFinish("r", T, null);

    processTracingInit(recorder.tracing());
    InThread.run(
        () -> {
          traceReqStart("r", (Context) null, T, "role");
          traceReqFinish("r", T, null);
        });
    assertThat(recorder.names()).containsExactlyInAnyOrder("unknown", "role Req");
  }

  @Test
  void r02_withoutTheGateTracingIsOff() {
    processTracingInit(TracingConfig.fromEnvironment(Map.of("FD_TRACE", "none")));
    traceReqStart("r", (Context) null, T, "role");
    assertThat(getTraceInfoForRequest("r")).isEmpty();
  }

  @Test
  void r03_anUnknownProtocolStopsNoServer() {
    TracingConfig config =
        TracingConfig.fromEnvironment(
            Map.of(
                "TRACES_ENABLE", "true", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "carrier-pigeon"));
    assertThat(config.otlp().effectiveProtocol()).isEqualTo(OtlpProtocol.HTTP_PROTOBUF);
    assertThat(config.active()).isTrue();
  }

  @Test
  void r04_aSecondInitChangesNothingAndSaysSo() {
    processTracingInit(recorder.tracing());
    processTracingInit(TracingConfig.builder().enabled(false).build());
    processTracingInit(Tracing.noop());
    traceReqStart("r", (Context) null, T, "role");
    assertThat(getTraceInfoForRequest("r")).isPresent();
    traceReqFinish("r", T, null);
    assertThat(recorder.faults(TraceFault.SECOND_INIT)).isEqualTo(2);
  }

  @Test
  void r45_slicesAboveTheLevelAreLeftOutAndThoseOfNoLevelNever() {
    recorder.tracing().level(2);
    TraceReqContext request = start();
    TraceThreadContext lane = request.lane(T);
    lane.slice("stage", T).end(T + 1);
    lane.slice("hand-over", TraceLevel.HAND_OVERS, T + 1).end(T + 2);
    lane.slice("detail", TraceLevel.DETAILS, T + 2).end(T + 3);
    lane.slice("always", null, T + 3).end(T + 4);
    request.finish(T + 5, null);
    assertThat(recorder.names()).contains("stage", "hand-over", "always").doesNotContain("detail");
  }

  @Test
  void r46_aNewLevelIsForNewRequests() {
    TraceReqContext old = start();
    recorder.tracing().level(1);
    old.lane(T).slice("old detail", TraceLevel.DETAILS, T).end(T + 1);
    TraceReqContext young = start();
    young.lane(T).slice("young detail", TraceLevel.DETAILS, T).end(T + 1);
    old.finish(T + 2, null);
    young.finish(T + 2, null);
    assertThat(recorder.names()).contains("old detail").doesNotContain("young detail");
    assertThat(recorder.tracing().level()).isEqualTo(1);
  }

  @Test
  void r46_theLevelTravelsWithTheRequest() {
    TraceReqContext request = start();
    TraceCarrier carrier = TraceCarrier.fromBytes(request.carrier().toBytes());
    recorder.tracing().level(1);
    TraceReqContext copy = recorder.tracing().joinRequest("r", carrier, T);
    assertThat(copy.level()).isEqualTo(3);
    request.finish(T, null);
  }

  @Test
  void r47_otherModulesAreFilteredAndNoModuleNever() {
    recorder.tracing().modules(Set.of("scheduler"));
    Tracing tracing = recorder.tracing();
    TraceReqContext none = tracing.startRequest(TraceReqStart.of("a"));
    TraceReqContext listed = tracing.startRequest(TraceReqStart.of("b").withModule("scheduler"));
    TraceReqContext other = tracing.startRequest(TraceReqStart.of("c").withModule("encoder"));
    assertThat(none.recording()).isTrue();
    assertThat(listed.recording()).isTrue();
    assertThat(other.recording()).isFalse();
    TraceReqContext copy = tracing.joinRequest("a", none.carrier(), T, "encoder");
    assertThat(copy.recording()).isFalse();
    assertThat(copy.carrier()).isEqualTo(none.carrier());
    none.finish(T, null);
    listed.finish(T, null);
  }

  @Test
  void r48_anEventOutsideASliceIsTheLanes() {
    TraceReqContext request = start();
    TraceThreadContext lane = request.lane(T);
    lane.event("retract", T + 1, null);
    request.finish(T + 2, null);
    assertThat(recorder.span("main").events())
        .containsExactly(new SeenSpan.Event("retract", T + 1, Map.of()));
  }

  @Test
  void r49_anAbortEndsAllThatIsOpenOnce() {
    TraceReqContext request = start();
    TraceThreadContext lane = request.lane(T);
    lane.slice("outer", T + 1);
    lane.slice("inner", T + 2);
    request.abort(T + 5, "client gone");
    request.abort(T + 6, "again");
    assertThat(recorder.spans()).hasSize(4).allMatch(SeenSpan::truncated);
    assertThat(recorder.spans()).extracting(SeenSpan::end).containsOnly(T + 5);
    assertThat(recorder.span("FastDeploy Req").error()).isTrue();
    assertThat(recorder.span("FastDeploy Req").attribute("abort_reason")).isEqualTo("client gone");
  }

  @Test
  void r50_theFinishOfACopyEndsItsLanesAlone() {
    TraceReqContext request = start();
    TraceReqContext copy = recorder.tracing().joinRequest("r", request.carrier(), T);
    copy.lane(T);
    copy.finish(T + 1, null);
    copy.finish(T + 2, null);
    assertThat(recorder.names()).containsExactly("main");
    assertThat(request.recording()).isTrue();
    request.finish(T + 3, null);
  }

  @Test
  void r51_r52_offACarrierIsNoneAndAReceiverThatIsOffJoinsNothing() {
    assertThat(Tracing.noop().startRequest(TraceReqStart.of("r")).carrier().isNone()).isTrue();
    TraceReqContext request = start();
    TraceReqContext copy = Tracing.noop().joinRequest("r", request.carrier(), T);
    assertThat(copy.recording()).isFalse();
    request.finish(T, null);
  }

  @Test
  void r53_aThreadOfTheSameProcessHasAStackOfItsOwnUnderTheSameRoot() throws Exception {
    TraceReqContext request = start();
    TraceThreadContext lane = request.lane(T);
    TraceSlice mine = lane.slice("mine", T + 1);
    InThread.run(() -> request.lane(T + 2).slice("theirs", T + 2).end(T + 3));
    mine.end(T + 4);
    request.finish(T + 5, null);
    SeenSpan theirs = recorder.span("theirs");
    assertThat(theirs.parentId()).isNotEqualTo(recorder.span("mine").spanId());
    assertThat(theirs.traceId()).isEqualTo(recorder.span("mine").traceId());
  }

  @Test
  void r54_handlesThatDoNothingTakeEveryCall() {
    TraceReqContext off = Tracing.noop().startRequest(TraceReqStart.of("r"));
    assertThat(off.child("c").lane().slice("a").next("b").set("k", 1).recording()).isFalse();
    off.set(null).event("e", 0, null).error("t", "m").finish();
    off.abort(0, null);
    assertThat(off.info()).isEmpty();
  }

  @Test
  void r55_onlyTheTwoHeadersOfTheStandardAreRead() {
    TraceCarrier carrier =
        TraceCarrier.fromMap(
            Map.of(
                "root_span",
                Map.of(
                    "traceparent",
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                    "tracestate",
                    "a=1",
                    "b3",
                    "1"),
                "prev_span",
                "None"));
    assertThat(carrier.toMap()).containsOnlyKeys("root", "tracestate");
  }

  @Test
  void r56_aSpanNamedAfterHttpIsExported() {
    TraceReqContext request =
        recorder.tracing().startRequest(TraceReqStart.of("http-1").withSpanName("http send"));
    request.lane(T).slice("http", T).end(T);
    request.finish(T, null);
    assertThat(recorder.names()).contains("http send", "http");
  }

  @Test
  void r57_labelSpanMarksTheCurrentSpanIfItRecords() {
    processTracingInit(recorder.tracing());
    labelSpan(true);
    try (ForeignSpan http = new ForeignSpan(recorder, "streamed")) {
      labelSpan(true);
      assertThat(http.isOpen()).isTrue();
    }
    try (ForeignSpan http = new ForeignSpan(recorder, "whole")) {
      labelSpan(false);
      assertThat(http.isOpen()).isTrue();
    }
    assertThat(recorder.span("streamed").attribute("stream")).isEqualTo("true");
    assertThat(recorder.span("whole").attributes()).isEmpty();
  }

  @Test
  void r58_theHostIsKnownByItsFirstSourceOrUnknown(@TempDir Path directory) throws Exception {
    Path first = directory.resolve("machine-id");
    Path second = directory.resolve("dbus-id");
    Files.writeString(second, "second\n");
    List<Path> files = List.of(first, second);
    assertThat(HostId.find(files, () -> Optional.of("hardware"))).isEqualTo("second");
    Files.writeString(first, "first\n");
    assertThat(HostId.find(files, () -> Optional.of("hardware"))).isEqualTo("first");
    assertThat(HostId.find(List.of(), () -> Optional.of("hardware"))).isEqualTo("hardware");
    assertThat(HostId.find(List.of(), Optional::empty)).isEqualTo("unknown");
  }

  @Test
  void r59_theIdsOfARequestArePaddedLowerCaseHex() {
    processTracingInit(recorder.tracing());
    traceReqStart("r", (Context) null, T, "role");
    TraceInfo info = getTraceInfoForRequest("r").orElseThrow();
    assertThat(getTraceInfoForRequest("r::n::0")).isEmpty();
    traceReqFinish("r", T, null);
    assertThat(info.traceId())
        .matches("[0-9a-f]{32}")
        .isEqualTo(recorder.span("role Req").traceId());
    assertThat(info.spanId()).matches("[0-9a-f]{16}").isEqualTo(recorder.span("role Req").spanId());
  }

  @Test
  void r63_aBatchEndsASliceOfEachAndBeginsTheNext() {
    processTracingInit(recorder.tracing());
    for (String rid : List.of("a", "b")) {
      traceReqStart(rid, (Context) null, T, rid);
      traceSliceStart("", rid, T, true);
    }
    recorder.clock.set(T + 10);
    List<Member> batch = List.of(new Member("a", false), new Member("b", true));
    traceEventBatch("schedule", batch, T + 5, null);
    traceSliceBatch("decode_loop", batch);
    traceSliceEnd("next", "a", T + 20, null, false, true);
    traceReqFinish("a", T + 30, null);
    traceReqFinish("b", T + 30, null);
    List<SeenSpan> steps =
        recorder.spans().stream().filter(s -> s.name().equals("decode_loop")).toList();
    assertThat(steps).hasSize(2).extracting(SeenSpan::end).containsOnly(T + 10);
    assertThat(steps.stream().map(s -> s.events().get(0).attributes().get("bid")).distinct())
        .hasSize(1);
    assertThat(steps.get(0).events().get(0).attributes()).containsEntry("batch_size", 2L);
    assertThat(recorder.span("next").start()).isEqualTo(T + 10);
  }
}
