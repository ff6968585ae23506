package dev.serving.trace;

import static dev.serving.trace.TraceFunctions.getTraceInfoForRequest;
import static dev.serving.trace.TraceFunctions.traceEvent;
import static dev.serving.trace.TraceFunctions.traceGetProcPropagateContext;
import static dev.serving.trace.TraceFunctions.traceReportSpan;
import static dev.serving.trace.TraceFunctions.traceReqFinish;
import static dev.serving.trace.TraceFunctions.traceReqStart;
import static dev.serving.trace.TraceFunctions.traceSetProcPropagateContext;
import static dev.serving.trace.TraceFunctions.traceSetThreadInfo;
import static dev.serving.trace.TraceFunctions.traceSlice;
import static dev.serving.trace.TraceFunctions.traceSliceAddAttr;
import static dev.serving.trace.TraceFunctions.traceSliceEnd;
import static dev.serving.trace.TraceFunctions.traceSliceStart;
import static dev.serving.trace.testing.TraceRecorder.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceRecorder;
import dev.serving.trace.testing.Transport;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules 5 to 30 of the reference: threads, roots and slices, as a backend receives them. */
@ParameterizedClass
@EnumSource
class ConformanceSlicesTest {
  private static final Attributes SOME = Attributes.builder().put("tokens", 3).build();

  @RegisterExtension final TraceRecorder recorder;

  ConformanceSlicesTest(Transport transport) {
    recorder = new TraceRecorder(transport);
  }

  @BeforeEach
  void init() {
    TraceFunctions.processTracingInit(recorder.tracing());
  }

  private static void start() {
    traceSetThreadInfo("API Server");
    traceReqStart("r", (Context) null, T, "FastDeploy");
  }

  private static void slice(String name, long from, long to) {
    traceSliceStart(name, "r", from, false);
    traceSliceEnd(name, "r", to, null, false, false);
  }

  @Test
  void r05_theFirstInfoOfAThreadCounts() throws Exception {
    InThread.run(
        () -> {
          traceSetThreadInfo("first", 1, 2);
          traceSetThreadInfo("second", 3, 4);
          traceReqStart("r", (Context) null, T, "FastDeploy");
          traceReqFinish("r", T + 1, null);
        });
    assertThat(recorder.span("first").attributes())
        .containsEntry("tp_rank", 1L)
        .containsEntry("dp_rank", 2L);
  }

  @Test
  void r06_aThreadSpanIsNamedByItsLabelAlone() throws Exception {
    InThread.run(
        () -> {
          traceSetThreadInfo("Token Processor", 0, null);
          traceReqStart("r", (Context) null, T, "FastDeploy");
          traceReqFinish("r", T + 1, null);
        });
    assertThat(recorder.names()).contains("Token Processor");
  }

  @Test
  void r07_aThreadSpanSaysHostProcessAndThread() throws Exception {
    InThread.run(
        () -> {
          traceSetThreadInfo("worker", null, null);
          traceReqStart("r", (Context) null, T, "FastDeploy");
          traceReqFinish("r", T + 1, null);
        });
    SeenSpan lane = recorder.span("worker");
    assertThat(lane.attributes())
        .containsOnlyKeys("host_id", "pid", "thread_label", "thread.id", "thread.name")
        .containsEntry("pid", ProcessHandle.current().pid())
        .containsEntry("thread_label", "worker");
    assertThat(lane.attribute("host_id")).isEqualTo(lane.resource().get("host.id"));
  }

  @Test
  void r08_anUnregisteredThreadWithACarrierIsUnknown() throws Exception {
    start();
    TraceCarrier carrier = traceGetProcPropagateContext("r");
    InThread.run(() -> traceSetProcPropagateContext("r", carrier, T + 1));
    traceReqFinish("r", T + 2, null);
    assertThat(recorder.names()).contains("unknown");
  }

  @Test
  void r09_aRequestStartedOnAnUnregisteredThreadIsTracedAndCounted() throws Exception {
    InThread.run(() -> traceReqStart("r", (Context) null, T, "FastDeploy"));
    traceReqFinish("r", T + 1, null);
    assertThat(recorder.names()).containsExactlyInAnyOrder("unknown", "FastDeploy Req");
    assertThat(recorder.faults(TraceFault.UNKNOWN_THREAD)).isEqualTo(1);
  }

  @Test
  void r10_aRootIsNamedByRoleAndSaysItsId() {
    traceSetThreadInfo("API Server");
    traceReqStart("chatcmpl-1_0", (Context) null, T, "FastDeploy");
    traceReqFinish("chatcmpl-1_0", T + 1, null);
    SeenSpan root = recorder.span("FastDeploy Req");
    assertThat(root.kind()).isEqualTo("SERVER");
    assertThat(root.attribute("rid")).isEqualTo("chatcmpl-1_0");
    assertThat(root.start()).isEqualTo(T);
    assertThat(root.parentId()).isEmpty();
  }

  @Test
  void r11_theRoleNullIsNoRole() {
    traceReqStart("r", (Context) null, T, "null");
    traceReqFinish("r", T + 1, null);
    assertThat(recorder.names()).contains("Req");
  }

  @Test
  void r12_aRootIsAChildOfTheCallersSpan() {
    Context upstream =
        Context.root()
            .with(
                Span.wrap(
                    W3c.parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1")));
    traceReqStart("r", upstream, T, "FastDeploy");
    traceReqFinish("r", T + 1, null);
    SeenSpan root = recorder.span("FastDeploy Req");
    assertThat(root.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(root.parentId()).isEqualTo("b7ad6b7169203331");
  }

  @Test
  void r13_aCurrentSpanThatRecordsIsTheRootAndKeepsItsName() {
    traceSetThreadInfo("API Server");
    try (ForeignSpan http = new ForeignSpan(recorder, "POST /v1/completions")) {
      traceReqStart("r", (Context) null, T, "FastDeploy");
      slice("PREPROCESSING", T + 1, T + 2);
      traceReqFinish("r", T + 3, SOME);
      assertThat(http.isOpen()).isTrue();
    }
    SeenSpan root = recorder.span("POST /v1/completions");
    assertThat(root.attributes()).containsEntry("rid", "r").containsEntry("tokens", 3L);
    assertThat(recorder.span("API Server").isChildOf(root)).isTrue();
    assertThat(recorder.names()).hasSize(3);
  }

  @Test
  void r14_aSecondStartUnderTheSameSpanChangesNothing() {
    try (ForeignSpan http = new ForeignSpan(recorder, "POST /v1/completions")) {
      traceReqStart("r", (Context) null, T, "FastDeploy");
      traceReqStart("r", (Context) null, T, "FastDeploy");
      traceReqFinish("r", T + 3, null);
      assertThat(http.isOpen()).isTrue();
    }
    assertThat(recorder.names()).hasSize(2).contains("POST /v1/completions");
    assertThat(recorder.faults(TraceFault.DUPLICATE_START)).isEqualTo(1);
  }

  @Test
  void r15_anIdIsATextAndOpaque() {
    traceReqStart("7", (Context) null, T, "FastDeploy");
    traceReqFinish(String.valueOf(7), T + 1, null);
    assertThat(recorder.span("FastDeploy Req").attribute("rid")).isEqualTo("7");
  }

  @Test
  void r16_aSliceWithoutARequestOrOnAnotherThreadIsNone() throws Exception {
    slice("A", T, T + 1);
    start();
    InThread.run(() -> slice("B", T, T + 1));
    traceReqFinish("r", T + 2, null);
    assertThat(recorder.names()).containsExactlyInAnyOrder("API Server", "FastDeploy Req");
    assertThat(recorder.faults(TraceFault.UNKNOWN_REQUEST)).isEqualTo(4);
  }

  @Test
  void r17_nestedSlicesAreEachOthersChildren() {
    start();
    traceSliceStart("outer", "r", T + 1, false);
    slice("inner", T + 2, T + 3);
    traceSliceEnd("outer", "r", T + 4, null, false, false);
    traceReqFinish("r", T + 5, null);
    SeenSpan lane = recorder.span("API Server");
    assertThat(recorder.span("inner").isChildOf(recorder.span("outer"))).isTrue();
    assertThat(recorder.span("outer").isChildOf(lane)).isTrue();
    assertThat(lane.isChildOf(recorder.span("FastDeploy Req"))).isTrue();
  }

  @Test
  void r18_outermostSlicesLinkToTheOneBefore() throws Exception {
    start();
    slice("A", T + 1, T + 2);
    TraceCarrier carrier = traceGetProcPropagateContext("r");
    TraceFunctions.traceReqFinish("r", T + 9, null);
    InThread.run(
        () -> {
          traceSetProcPropagateContext("r", carrier, T + 3);
          traceSliceStart("B", "r", T + 3, false);
          slice("nested", T + 3, T + 4);
          traceSliceEnd("B", "r", T + 5, null, false, false);
          traceSliceStart("C", "r", T + 5, false);
          traceSliceEnd("C", "r", T + 6, null, false, true);
        });
    assertThat(recorder.span("A").links()).isEmpty();
    assertThat(recorder.span("B").linksTo(recorder.span("A"))).isTrue();
    assertThat(recorder.span("C").linksTo(recorder.span("B"))).isTrue();
    assertThat(recorder.span("nested").links()).isEmpty();
  }

  @Test
  void r19_anotherNameAtTheEndIsAnErrorAndSaysBoth() {
    start();
    traceSliceStart("A", "r", T + 1, false);
    traceSliceEnd("B", "r", T + 2, SOME, false, false);
    slice("C", T + 3, T + 4);
    traceReqFinish("r", T + 5, null);
    SeenSpan slice = recorder.span("A");
    assertThat(slice.error()).isTrue();
    assertThat(slice.attribute("mismatched_end")).isEqualTo("A ended as B");
    assertThat(slice.attribute("tokens")).isEqualTo(3L);
    assertThat(recorder.span("C").parentId()).isEqualTo(slice.parentId());
    assertThat(recorder.faults(TraceFault.MISMATCHED_END)).isEqualTo(1);
  }

  @Test
  void r20_anAnonymousSliceTakesTheNameOfItsEnd() {
    start();
    traceSliceStart("", "r", T + 1, true);
    traceSlice("A", "r", T + 2, null, false, false);
    traceReqFinish("r", T + 3, null);
    assertThat(recorder.span("A").error()).isFalse();
  }

  @Test
  void r21_aChainOfAnonymousSlicesHasNoGaps() {
    start();
    traceSliceStart("", "r", T, true);
    List<String> names = List.of("A", "B", "C", "D");
    for (int i = 0; i < 4; i++) {
      traceSliceEnd(names.get(i), "r", T + 10L * (i + 1), null, i < 3, false);
    }
    traceReqFinish("r", T + 50, null);
    for (int i = 1; i < 4; i++) {
      SeenSpan before = recorder.span(names.get(i - 1));
      SeenSpan slice = recorder.span(names.get(i));
      assertThat(slice.start()).isEqualTo(before.end());
      assertThat(slice.linksTo(before)).isTrue();
    }
  }

  @Test
  void r22_anEndWithoutAnOpenSliceDoesNothing() {
    start();
    traceSliceEnd("A", "r", T + 1, null, true, true);
    slice("B", T + 2, T + 3);
    traceReqFinish("r", T + 4, null);
    assertThat(recorder.span("API Server").end()).isEqualTo(T + 4);
    assertThat(recorder.names()).contains("B").doesNotContain("A").hasSize(3);
    assertThat(recorder.faults(TraceFault.NO_OPEN_SLICE)).isEqualTo(1);
  }

  @Test
  void r23_withBothFlagsTheThreadFinishes() {
    start();
    traceSliceStart("A", "r", T + 1, false);
    traceSliceEnd("A", "r", T + 2, null, true, true);
    traceReqFinish("r", T + 4, null);
    assertThat(recorder.names()).containsExactlyInAnyOrder("A", "API Server", "FastDeploy Req");
  }

  @Test
  void r24_threadFinishEndsTheLaneAndKeepsTheRequest() {
    start();
    traceSliceStart("A", "r", T + 1, false);
    traceSliceEnd("A", "r", T + 2, null, false, true);
    assertThat(getTraceInfoForRequest("r")).isPresent();
    traceReqFinish("r", T + 4, null);
    assertThat(recorder.span("API Server").end()).isEqualTo(T + 2);
    assertThat(recorder.span("FastDeploy Req").end()).isEqualTo(T + 4);
  }

  @Test
  void r25_aReportedSpanHasTheTimesGiven() {
    start();
    traceReportSpan("SCHEDULE", "r", T + 1, T + 9, SOME, false);
    traceReqFinish("r", T + 10, null);
    SeenSpan slice = recorder.span("SCHEDULE");
    assertThat(slice.start()).isEqualTo(T + 1);
    assertThat(slice.end()).isEqualTo(T + 9);
    assertThat(slice.attribute("tokens")).isEqualTo(3L);
  }

  @Test
  void r26_eventsAndAttributesGoToTheInnermostSlice() {
    start();
    traceEvent("lost", "r", T, null);
    traceSliceStart("outer", "r", T + 1, false);
    traceSliceStart("inner", "r", T + 2, false);
    traceEvent("schedule", "r", T + 3, SOME);
    traceSliceAddAttr("r", SOME);
    traceSliceEnd("inner", "r", T + 4, null, false, false);
    traceSliceEnd("outer", "r", T + 5, null, false, false);
    traceReqFinish("r", T + 6, null);
    assertThat(recorder.span("inner").events())
        .containsExactly(new SeenSpan.Event("schedule", T + 3, Map.of("tokens", 3L)));
    assertThat(recorder.span("inner").attribute("tokens")).isEqualTo(3L);
    assertThat(recorder.span("outer").events()).isEmpty();
    assertThat(recorder.faults(TraceFault.NO_OPEN_SLICE)).isEqualTo(1);
  }

  @Test
  void r27_finishEndsAllLanesAndForgetsTheRequest() throws Exception {
    start();
    TraceCarrier carrier = traceGetProcPropagateContext("r");
    InThread.run(() -> traceSetProcPropagateContext("r", carrier, T + 1));
    traceReqFinish("r", T + 8, SOME);
    traceReqFinish("r", T + 9, null);
    assertThat(recorder.span("API Server").end()).isEqualTo(T + 8);
    assertThat(recorder.span("unknown").end()).isEqualTo(T + 8);
    assertThat(recorder.span("FastDeploy Req").attribute("tokens")).isEqualTo(3L);
    assertThat(recorder.spans()).hasSize(3);
    assertThat(getTraceInfoForRequest("r")).isEmpty();
  }

  @Test
  void r28_afterTheFinishNothingHappens() {
    start();
    traceReqFinish("r", T + 1, null);
    slice("A", T + 2, T + 3);
    traceEvent("e", "r", T + 2, null);
    assertThat(traceGetProcPropagateContext("r").isNone()).isTrue();
    assertThat(recorder.spans()).hasSize(2);
  }

  @Test
  void r29_finishedRequestsLeaveNothing() {
    traceSetThreadInfo("API Server");
    for (int i = 0; i < 5; i++) {
      traceReqStart("r" + i, (Context) null, T, "FastDeploy");
      traceReqFinish("r" + i, T + 1, null);
      assertThat(getTraceInfoForRequest("r" + i)).isEmpty();
    }
    assertThat(((RealTracing) recorder.tracing()).open().size()).isZero();
    assertThat(recorder.names()).filteredOn("API Server"::equals).hasSize(5);
  }

  @Test
  void r30_tenThreadsTraceARequestEach() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String rid = "r" + i;
      threads.add(
          new Thread(
              () -> {
                traceSetThreadInfo(rid);
                traceReqStart(rid, (Context) null, T, "FastDeploy");
                traceSliceStart("A", rid, T + 1, false);
                traceSliceEnd("A", rid, T + 2, null, false, true);
                traceReqFinish(rid, T + 3, null);
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(recorder.spans()).hasSize(30);
    assertThat(recorder.spans().stream().map(SeenSpan::traceId).distinct()).hasSize(10);
  }

  @Test
  void theScopeOfACurrentSpanThatHasEndedIsNoRoot() {
    ForeignSpan http = new ForeignSpan(recorder, "POST /v1/completions");
    try (Scope leaked = http.leak()) {
      assertThat(leaked).isNotNull();
      traceReqStart("r", (Context) null, T, "FastDeploy");
      traceReqFinish("r", T + 3, null);
    }
    assertThat(recorder.span("FastDeploy Req").parentId()).isEmpty();
  }
}
