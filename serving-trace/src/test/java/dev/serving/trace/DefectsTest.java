package dev.serving.trace;

import static dev.serving.trace.TraceFunctions.getTraceInfoForRequest;
import static dev.serving.trace.TraceFunctions.traceGetProcPropagateContext;
import static dev.serving.trace.TraceFunctions.traceGetRemotePropagateContext;
import static dev.serving.trace.TraceFunctions.traceReqFinish;
import static dev.serving.trace.TraceFunctions.traceReqStart;
import static dev.serving.trace.TraceFunctions.traceSetProcPropagateContext;
import static dev.serving.trace.TraceFunctions.traceSetRemotePropagateContext;
import static dev.serving.trace.TraceFunctions.traceSetThreadInfo;
import static dev.serving.trace.TraceFunctions.traceSliceEnd;
import static dev.serving.trace.TraceFunctions.traceSliceStart;
import static dev.serving.trace.TraceFunctions.traceSpan;
import static dev.serving.trace.testing.TraceRecorder.T;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceRecorder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Each defect of the originals that could occur here is absent. The names are those of the list in
 * the module's README, which also says why the other ones do not apply.
 */
class DefectsTest {
  private static final String ROOT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  @BeforeEach
  void init() {
    TraceFunctions.processTracingInit(recorder.tracing());
    traceSetThreadInfo("API Server");
  }

  private static void start() {
    traceReqStart("r", (Context) null, T, "FastDeploy");
  }

  private static void slice(String name, long from, long to, boolean last) {
    traceSliceStart(name, "r", from, false);
    traceSliceEnd(name, "r", to, null, false, last);
  }

  private static Context under(String traceparent) {
    return Context.root().with(Span.wrap(W3c.parse(traceparent, null)));
  }

  @Test
  void D01_traceIdsHave128RandomBitsAndSaySo() {
    Set<String> upper = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
      upper.add(request.info().orElseThrow().traceId().substring(0, 16));
      assertThat(request.carrier().toMap().get("root")).endsWith("-03");
      request.finish(T, null);
    }
    assertThat(upper).hasSize(1000).doesNotContain("0000000000000000");
  }

  @Test
  void D02_processesStartedTogetherDoNotCollide() {
    Set<String> ids = new HashSet<>();
    for (int process = 0; process < 500; process++) {
      TraceIds source = TraceIds.forThread(TracingConfig.builder().build().ids());
      for (int i = 0; i < 10; i++) {
        ids.add(source.traceId());
        ids.add(Long.toHexString(source.spanId()));
      }
    }
    assertThat(ids).hasSize(10_000);
  }

  @Test
  void D03_thePreviousSpanKeepsItsFlagsAndItsDigits() {
    start();
    slice("A", T, T + 1, false);
    TraceCarrier carrier = traceGetProcPropagateContext("r");
    traceReqFinish("r", T + 2, null);
    assertThat(carrier.toMap().get("prev")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-03");
    TraceCarrier python = TraceCarrier.fromMap(carrier.toFastDeployMap());
    assertThat(python.previous().getTraceFlags()).isEqualTo(carrier.previous().getTraceFlags());
    assertThat(python.previous().getSpanId()).isEqualTo(recorder.span("A").spanId());
  }

  @Test
  void D04_aMalformedCarrierIsIgnoredAndCounted() {
    List<Map<String, ?>> malformed =
        List.of(
            Map.of("root_span", "text", "prev_span", "None"),
            Map.of("root_span", Map.of(), "prev_span", Map.of("span_id", "x")),
            Map.of("root_span", Map.of("traceparent", 7)),
            Map.of("root_span", Map.of("traceparent", "00-0-0-01")),
            Map.of("root", "nonsense"));
    malformed.forEach(map -> traceSetProcPropagateContext("r", TraceCarrier.fromMap(map), T));
    slice("A", T, T + 1, true);
    assertThat(recorder.spans()).isEmpty();
    assertThat(recorder.faults(TraceFault.UNUSABLE_CARRIER)).isEqualTo(5);
  }

  @Test
  void D04_aMalformedPreviousSpanCostsTheLinkNotTheTrace() {
    Map<String, Object> bad = Map.of("span_id", 1.5, "trace_id", "x");
    traceSetProcPropagateContext(
        "r",
        TraceCarrier.fromMap(Map.of("root_span", Map.of("traceparent", ROOT), "prev_span", bad)),
        T);
    slice("A", T, T + 1, true);
    assertThat(recorder.span("A").links()).isEmpty();
  }

  @Test
  void D05_carrierOfAThreadWithoutContextDoesNotThrow() throws Exception {
    start();
    TraceCarrier carrier = InThread.call(() -> traceGetProcPropagateContext("r"));
    assertThat(carrier.isNone()).isFalse();
    traceReqFinish("r", T + 1, null);
  }

  @Test
  void D06_theSecondPromptOfARequestIsTraced() {
    start();
    slice("PREPROCESSING", T + 1, T + 2, true);
    assertThat(traceGetProcPropagateContext("r").isNone()).isFalse();
    slice("PREPROCESSING 2", T + 3, T + 4, true);
    traceReqFinish("r", T + 5, null);
    SeenSpan second = recorder.span("PREPROCESSING 2");
    assertThat(second.parentId()).isNotEqualTo(recorder.span("PREPROCESSING").parentId());
    assertThat(recorder.names()).filteredOn("API Server"::equals).hasSize(2);
  }

  @Test
  void D07_aSpanThatWeDidNotStartIsNotEnded() {
    try (ForeignSpan http = new ForeignSpan(recorder, "POST /v1/completions")) {
      start();
      traceReqFinish("r", T + 1, null);
      assertThat(http.isOpen()).isTrue();
      Span.current().setAttribute("http.response.status_code", 200);
    }
    assertThat(recorder.span("POST /v1/completions").attributes())
        .containsEntry("http.response.status_code", 200L);
  }

  @Test
  void D08_aRootUnderACallersSpanIsEnded() {
    traceReqStart("r", under(ROOT), T, "FastDeploy");
    slice("PREPROCESSING", T + 1, T + 2, true);
    traceReqFinish("r", T + 3, null);
    assertThat(recorder.span("FastDeploy Req").end()).isEqualTo(T + 3);
    assertThat(recorder.span("API Server").isChildOf(recorder.span("FastDeploy Req"))).isTrue();
  }

  @Test
  void D09_namesAreConstantAndIdsAreAttributes() throws Exception {
    for (String rid : List.of("r1", "r2")) {
      InThread.run(
          () -> {
            traceSetThreadInfo("worker", 3, null);
            traceReqStart(rid, (Context) null, T, "FastDeploy");
            traceReqStart(rid, (Context) null, T, "FastDeploy");
            traceReqFinish(rid, T + 1, null);
          });
    }
    assertThat(new HashSet<>(recorder.names()))
        .containsExactlyInAnyOrder("worker", "FastDeploy Req");
  }

  @Test
  void D10_aCopyIsForgottenWithItsLastLane() {
    traceSetProcPropagateContext("r", TraceCarrier.fromMap(Map.of("root", ROOT)), T);
    slice("A", T, T + 1, true);
    assertThat(getTraceInfoForRequest("r")).isEmpty();
    assertThat(((RealTracing) recorder.tracing()).open().size()).isZero();
    traceSetProcPropagateContext("r", TraceCarrier.fromMap(Map.of("root", ROOT)), T + 10);
    slice("B", T + 11, T + 12, true);
    assertThat(recorder.spans().stream().filter(s -> s.name().equals("API Server")))
        .extracting(SeenSpan::start)
        .containsExactlyInAnyOrder(T, T + 10);
  }

  @Test
  void D10_anAbandonedRequestIsEndedAsTruncated() {
    recorder.restart(c -> c.abandonAfter(Duration.ofSeconds(15)));
    TraceReqContext idle = recorder.tracing().startRequest(TraceReqStart.of("idle"));
    TraceReqContext busy = recorder.tracing().startRequest(TraceReqStart.of("busy"));
    TraceThreadContext lane = busy.lane();
    idle.lane().slice("stuck");
    for (int second = 1; second <= 20; second++) {
      recorder.clock.set(T + Duration.ofSeconds(second).toNanos());
      lane.slice("step").end();
      ((RealTracing) recorder.tracing()).open().turn();
    }
    assertThat(idle.recording()).isFalse();
    assertThat(busy.recording()).isTrue();
    busy.finish();
    assertThat(recorder.span("stuck").truncated()).isTrue();
    assertThat(recorder.spans().stream().filter(s -> s.name().equals("Req") && s.truncated()))
        .singleElement()
        .satisfies(root -> assertThat(root.attribute("abort_reason")).isEqualTo("abandoned"));
    assertThat(recorder.faults(TraceFault.ABANDONED)).isEqualTo(1);
  }

  @Test
  void D11_openSlicesAreEndedWithTheirRequestAndSaySo() {
    start();
    traceSliceStart("outer", "r", T + 1, false);
    slice("inner", T + 2, T + 3, false);
    traceSliceStart("", "r", T + 4, true);
    traceReqFinish("r", T + 9, null);
    assertThat(recorder.span("outer").truncated()).isTrue();
    assertThat(recorder.span("anonymous").truncated()).isTrue();
    assertThat(recorder.span("API Server").truncated()).isTrue();
    assertThat(recorder.span("inner").truncated()).isFalse();
    assertThat(recorder.span("outer").end()).isEqualTo(T + 9);
    assertThat(recorder.span("FastDeploy Req").truncated()).isFalse();
  }

  @Test
  void D12_aMismatchedEndIsExportedAsAnErrorWithBothNames() {
    start();
    traceSliceStart("A", "r", T, false);
    traceSliceEnd("B", "r", T + 1, null, false, true);
    traceReqFinish("r", T + 2, null);
    assertThat(recorder.span("A").error()).isTrue();
    assertThat(recorder.span("A").attribute("mismatched_end")).isEqualTo("A ended as B");
  }

  @Test
  void D14_aCarrierForALaneThatIsThereIsNotLookedAt() {
    start();
    traceSetProcPropagateContext("r", TraceCarrier.unusable(), T);
    assertThat(recorder.faults(TraceFault.UNUSABLE_CARRIER)).isZero();
    traceReqFinish("r", T, null);
  }

  @Test
  void D15_aCarrierTakenAfterASliceNamesThatSlice() {
    start();
    slice("PREPROCESSING", T, T + 1, false);
    slice("SCHEDULE", T + 1, T + 2, true);
    TraceCarrier carrier = traceGetProcPropagateContext("r");
    traceReqFinish("r", T + 3, null);
    assertThat(carrier.previous().getSpanId()).isEqualTo(recorder.span("SCHEDULE").spanId());
  }

  @Test
  void D16_aParentHoldsItsChildrenWhateverTimesAreGiven() {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r").withTs(T + 10));
    TraceThreadContext lane = request.lane(T + 12);
    TraceSlice outer = lane.slice("outer", T + 14);
    lane.slice("inner", T + 5).end(T + 30);
    outer.end(T + 20);
    lane.finish(T + 25);
    request.finish(T + 22, null);
    SeenSpan inner = recorder.span("inner");
    for (String around : List.of("outer", "API Server", "Req")) {
      assertThat(recorder.span(around).start()).as(around).isLessThanOrEqualTo(inner.start());
      assertThat(recorder.span(around).end()).as(around).isGreaterThanOrEqualTo(inner.end());
    }
  }

  @Test
  void D17_aTimeThatIsNotInNanosecondsIsNotTaken() {
    start();
    traceSliceStart("A", "r", T / 1_000_000, false);
    traceSliceEnd("A", "r", T / 1_000, null, false, true);
    traceReqFinish("r", 0, null);
    assertThat(recorder.span("A").start()).isEqualTo(T);
    assertThat(recorder.faults(TraceFault.IMPLAUSIBLE_TIME)).isEqualTo(2);
  }

  @Test
  void D18_theResourceHasWhatTheEnvironmentSays() {
    TracingConfig config =
        TracingConfig.fromEnvironment(
            Map.of(
                "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test",
                "OTEL_SERVICE_NAME", "front"));
    recorder.restart(c -> c.service(s -> config.service()));
    recorder.tracing().startRequest(TraceReqStart.of("r")).finish();
    assertThat(recorder.span("Req").resource())
        .containsEntry("deployment.environment.name", "test")
        .containsEntry("service.name", "front")
        .containsKeys("telemetry.sdk.language", "host.id");
  }

  @Test
  void D19_aHeaderIsSplitAtItsFirstEqualsSign() {
    TracingConfig config =
        TracingConfig.fromEnvironment(
            Map.of("EXPORTER_OTLP_HEADERS", "authorization=Basic abc==,x-team=a"));
    assertThat(config.otlp().headers())
        .containsOnly(Map.entry("authorization", "Basic abc=="), Map.entry("x-team", "a"));
  }

  @Test
  void D20_traceSpanAsksAtEachCallWhetherTracingIsOn() throws Exception {
    TraceFunctions.processTracingShutdown();
    Callable<Integer> traced = () -> traceSpan("work", () -> 7);
    assertThat(traced.call()).isEqualTo(7);
    recorder.restart(c -> c);
    TraceFunctions.processTracingInit(recorder.tracing());
    assertThat(traced.call()).isEqualTo(7);
    assertThat(recorder.names()).containsExactly("work");
  }

  @Test
  void D22_theHostIdIsOfTheHost() {
    start();
    traceReqFinish("r", T, null);
    Object host = recorder.span("API Server").attribute("host_id");
    assertThat(host).isNotIn("localhost", "").isInstanceOf(String.class);
  }

  @Test
  void D23_noSpanIsDroppedForItsName() {
    traceReqStart("http-1", (Context) null, T, "http");
    traceReqFinish("http-1", T, null);
    assertThat(recorder.names()).contains("http Req");
  }

  @Test
  void D24_streamIsSaidOnTheSpanItIsAbout() {
    try (ForeignSpan http = new ForeignSpan(recorder, "POST /v1/completions")) {
      TraceFunctions.labelSpan(true);
      TraceReqContext other =
          recorder.tracing().startRequest(TraceReqStart.of("other").withSpanName("other"));
      other.finish();
      assertThat(http.isOpen()).isTrue();
    }
    assertThat(recorder.span("other").attributes()).doesNotContainKey("stream");
  }

  @Test
  void D25_aNewThreadInheritsNothingFromAnEndedOne() throws Exception {
    start();
    for (int i = 0; i < 3; i++) {
      InThread.run(
          () -> {
            traceSetProcPropagateContext("r", traceGetProcPropagateContext("r"), T + 1);
            traceSliceStart("left open", "r", T + 1, false);
          });
    }
    InThread.run(() -> slice("stranger", T + 2, T + 3, true));
    traceReqFinish("r", T + 5, null);
    assertThat(recorder.names()).doesNotContain("stranger");
    assertThat(recorder.names()).filteredOn("left open"::equals).hasSize(3);
  }

  @Test
  void D26_startsAndFinishesOnManyThreadsLoseNothing() throws Exception {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          new Thread(
              () -> {
                for (int n = 0; n < 200; n++) {
                  try (TraceThreadContext lane = request.lane()) {
                    lane.slice("step").end();
                  }
                  request.event("tick", 0, null);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    request.finish();
    assertThat(recorder.names()).filteredOn("step"::equals).hasSize(1600);
    assertThat(recorder.names()).filteredOn("Thread"::equals).hasSize(1600);
  }

  @Test
  void D27_idsAreOpaque() {
    for (String rid : List.of("a_b_0", "a_b_1", "a")) {
      traceReqStart(rid, (Context) null, T, "FastDeploy");
    }
    assertThat(getTraceInfoForRequest("a_b")).isEmpty();
    for (String rid : List.of("a_b_0", "a_b_1", "a")) {
      traceReqFinish(rid, T, null);
    }
    assertThat(recorder.spans().stream().map(s -> s.attribute("rid")).filter(r -> r != null))
        .containsExactlyInAnyOrder("a_b_0", "a_b_1", "a");
  }

  @Test
  void D28_theFirstChoiceToFinishLeavesTheOthersOpen() {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    TraceReqContext first = request.child("0");
    TraceReqContext second = request.child("1");
    first.lane().slice("first");
    TraceSlice open = second.lane().slice("second");
    first.finish();
    assertThat(open.recording()).isTrue();
    open.end();
    second.finish();
    request.finish();
    assertThat(recorder.span("second").truncated()).isFalse();
  }

  @Test
  void D29_everyEndingReachesTheTrace() {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    request.error("rate_limit", "too many");
    request.abort(0, "client gone");
    assertThat(recorder.span("Req").attributes())
        .containsEntry("error.type", "rate_limit")
        .containsEntry("abort_reason", "client gone");
  }

  @Test
  void D30_anUnregisteredThreadIsTracedAndCounted() throws Exception {
    InThread.run(
        () -> {
          start();
          traceReqFinish("r", T, null);
        });
    assertThat(recorder.names()).contains("unknown");
    assertThat(recorder.faults(TraceFault.UNKNOWN_THREAD)).isEqualTo(1);
  }

  @Test
  void D31_requestsWithoutARoomShareNothing() {
    traceSetRemotePropagateContext(
        RemoteContexts.write(Map.of("0", TraceCarrier.fromMap(Map.of("root", ROOT)))));
    traceReqStart("a", "0", T, "a");
    traceReqStart("b", "0", T, "b");
    traceReqFinish("a", T, null);
    traceReqFinish("b", T, null);
    assertThat(recorder.span("a Req").traceId()).isNotEqualTo(recorder.span("b Req").traceId());
    assertThat(recorder.span("a Req").parentId()).isEmpty();
  }

  @Test
  void D32_nothingFromOutsideMustBeThere() {
    assertThatCode(
            () -> {
              traceReqStart(null, (Context) null, 0, null);
              traceReqStart("r", (String) null, 0, null);
              traceSetRemotePropagateContext(null);
              traceGetRemotePropagateContext(null);
              traceGetRemotePropagateContext(Arrays.asList("x", null));
              traceReqFinish(null, 0, null);
              traceReqFinish("r", 0, null);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void D33_aRemoteHeaderIsBoundedAndValidated() {
    traceSetRemotePropagateContext("!!!");
    traceSetRemotePropagateContext("A".repeat(1_000_000));
    traceSetRemotePropagateContext("W10="); // []
    assertThat(recorder.faults(TraceFault.UNUSABLE_CARRIER)).isEqualTo(3);
    TraceCarrier carrier = TraceCarrier.fromMap(Map.of("root", ROOT));
    for (int i = 1; i <= RemoteContexts.MAX_ROOMS + 10; i++) {
      traceSetRemotePropagateContext(RemoteContexts.write(Map.of("room" + i, carrier)));
    }
    assertThat(recorder.faults(TraceFault.NO_ROOM)).isEqualTo(10);
  }

  @Test
  void D34_askingForACarrierLeavesNothingCurrent() {
    start();
    traceGetProcPropagateContext("r");
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
    traceReqFinish("r", T, null);
  }

  @Test
  void D35_aCopysLaneIsOfTheThreadThatOpensIt() throws Exception {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    TraceCarrier carrier = request.carrier();
    InThread.run(
        () -> {
          traceSetThreadInfo("scheduler");
          recorder.tracing().joinRequest("r", carrier, 0).lane().finish(0);
        });
    request.finish();
    assertThat(recorder.names()).contains("scheduler");
  }

  @Test
  void D37_aLongDecodeThatIsWorkedOnIsNotAbandoned() {
    recorder.restart(c -> c.abandonAfter(Duration.ofMinutes(5)));
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    TraceThreadContext lane = request.lane();
    TraceSlice decode = lane.slice(TraceSpanName.DECODE);
    for (int minute = 1; minute <= 60; minute++) {
      recorder.clock.set(T + Duration.ofMinutes(minute).toNanos());
      lane.slice("step", TraceLevel.DETAILS).end();
      for (int i = 0; i < 3; i++) {
        ((RealTracing) recorder.tracing()).open().turn();
      }
    }
    assertThat(decode.recording()).isTrue();
    request.finish();
    assertThat(recorder.faults(TraceFault.ABANDONED)).isZero();
  }

  @Test
  void D38_anEndpointWithoutSchemeOrPathIsUnderstood() {
    TracingConfig config =
        TracingConfig.fromEnvironment(Map.of("EXPORTER_OTLP_ENDPOINT", "collector:4318"));
    assertThat(config.otlp().uri()).hasToString("http://collector:4318/v1/traces");
  }

  @Test
  void D39_ranksAboveTheFirstAreTracedFromLevelTwo() throws Exception {
    for (int level : new int[] {1, 2}) {
      recorder.tracing().level(level);
      TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
      String label = "rank 1 at " + level;
      InThread.run(
          () -> {
            traceSetThreadInfo(label, 1, null);
            request.lane().slice("PREFILL").end();
          });
      request.finish();
    }
    assertThat(recorder.names()).contains("rank 1 at 2").doesNotContain("rank 1 at 1");
  }

  @Test
  void D40_oneAnchorServesAllTimes() {
    TraceClock clock = TraceClock.start();
    long before = clock.now();
    for (int i = 0; i < 10_000; i++) {
      long now = clock.now();
      assertThat(now).isGreaterThanOrEqualTo(before);
      before = now;
    }
    assertThat(Math.abs(before / 1_000_000 - System.currentTimeMillis())).isLessThan(5_000);
  }

  @Test
  void D41_ratioAndLevelChangeWhileRunning() {
    Tracing tracing = recorder.tracing();
    tracing.sampleRatio(0);
    assertThat(tracing.startRequest(TraceReqStart.of("r")).recording()).isFalse();
    tracing.sampleRatio(1);
    TraceReqContext request = tracing.startRequest(TraceReqStart.of("r"));
    assertThat(request.recording()).isTrue();
    assertThat(tracing.sampleRatio()).isEqualTo(1);
    request.finish();
  }

  @Test
  void D43_theCallersNoToSamplingIsHandedOn() {
    traceReqStart("r", under(ROOT.replace("-01", "-00")), T, "FastDeploy");
    TraceCarrier carrier = traceGetProcPropagateContext("r");
    slice("A", T, T + 1, true);
    traceReqFinish("r", T + 2, null);
    assertThat(carrier.toMap().get("root")).startsWith(ROOT.substring(0, 36)).endsWith("-00");
    TraceReqContext copy =
        recorder.tracing().joinRequest("r", TraceCarrier.fromBytes(carrier.toBytes()), T);
    assertThat(copy.recording()).isFalse();
    assertThat(copy.lane().carrier().toMap()).isEqualTo(carrier.toMap());
    assertThat(recorder.spans()).isEmpty();
    assertThat(recorder.faults(TraceFault.UNKNOWN_REQUEST)).isZero();
  }

  @Test
  void D45_aForeignSpanUnderARequestIsTheRootsChild() {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    try (ForeignSpan engine = new ForeignSpan(recorder, request.context(), "engine")) {
      assertThat(engine.isOpen()).isTrue();
    }
    request.finish();
    assertThat(recorder.span("engine").isChildOf(recorder.span("Req"))).isTrue();
  }

  @Test
  void D46_aRequestThatNeverEndsLeavesATraceAtTheLatestWhenTheProcessEnds() {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    request.lane().slice("DECODE");
    ((RealTracing) recorder.tracing()).open().close(0);
    assertThat(recorder.span("DECODE").truncated()).isTrue();
    assertThat(recorder.span("Req").attribute("abort_reason")).isEqualTo("shutdown");
  }

  @Test
  void D47_everythingIsRecordedByDefaultAndTheShareCanBeChanged() {
    assertThat(TracingConfig.builder().build().sampling().ratio()).isEqualTo(1);
    recorder.tracing().sampleRatio(0.25);
    int recorded = 0;
    for (int i = 0; i < 2_000; i++) {
      TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
      recorded += request.recording() ? 1 : 0;
      request.finish();
    }
    assertThat(recorded).isBetween(400, 600);
  }

  @Test
  void D48_theTracestateIsKept() {
    Context parent = Context.root().with(Span.wrap(W3c.parse(ROOT, "vendor=1,other=2")));
    traceReqStart("r", parent, T, "FastDeploy");
    assertThat(traceGetProcPropagateContext("r").toMap())
        .containsEntry("tracestate", "vendor=1,other=2");
    traceReqFinish("r", T, null);
  }

  @Test
  void D49_theCallersMapIsReadAndNotTouched() {
    Map<String, Object> callers = new HashMap<>(Map.of("root", ROOT, "x-user", "kept"));
    TraceCarrier carrier = TraceCarrier.fromMap(callers);
    assertThat(callers).containsOnly(Map.entry("root", ROOT), Map.entry("x-user", "kept"));
    assertThat(carrier.toMap()).isUnmodifiable();
  }

  @Test
  void D50_theCurrentNamesAreEmittedAndTheOldOnesByOptIn() {
    assertThat(genAi().attributes())
        .containsEntry("gen_ai.usage.output_tokens", 9L)
        .doesNotContainKey("gen_ai.usage.completion_tokens");
    recorder.restart(c -> c.semconv(Set.of("gen_ai/dup")));
    assertThat(genAi().attributes()).containsEntry("gen_ai.usage.completion_tokens", 9L);
  }

  private SeenSpan genAi() {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    GenAiAttributes used = recorder.tracing().genAi();
    request.finish(0, used.put(GenAiAttributes.USAGE_OUTPUT_TOKENS, 9L).build());
    return recorder.span("Req");
  }
}
