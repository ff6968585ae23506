package dev.serving.trace;

import static dev.serving.trace.testing.TraceRecorder.T;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceRecorder;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** This shows how a request, its lanes and its slices become spans. */
class HandlesTest {
  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  @Test
  void aRootThatBelongsToSeveralRequestsLinksToThem() {
    TraceReqContext one = recorder.tracing().startRequest(TraceReqStart.of("one").withRole("A"));
    TraceReqContext step =
        recorder.tracing().startRequest(TraceReqStart.of("").withSpanName("BATCH_STEP"));
    step.link(one.carrier()).link(TraceCarrier.none());
    step.finish();
    step.link(one.carrier());
    one.finish();
    assertThat(recorder.span("BATCH_STEP").links()).hasSize(1);
    assertThat(recorder.span("BATCH_STEP").linksTo(recorder.span("A Req"))).isTrue();
  }

  @Test
  void whatEndsBeforeItBeganIsCountedOnEveryLevel() {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r").withTs(T + 9));
    TraceThreadContext lane = request.lane(T + 9);
    lane.slice("S", T + 9).end(T + 8);
    lane.finish(T + 8);
    request.finish(T + 8, null);
    assertThat(recorder.faults(TraceFault.NEGATIVE_DURATION)).isEqualTo(3);
    assertThat(recorder.spans()).allMatch(span -> span.start() == T + 9 && span.end() == T + 9);
  }

  @Test
  void aRequestIsARootWithLanesWithSlices() {
    recorder.tracing().threadInfo("preprocess", 0, 1);
    TraceReqContext request =
        recorder.tracing().startRequest(TraceReqStart.of("r1").withTs(T).withRole("FastDeploy"));
    TraceThreadContext lane = request.lane(T + 1);
    TraceSlice outer = lane.slice(TraceSpanName.PREPROCESSING, T + 2).set("tokens", 7);
    lane.slice("tokenize", TraceLevel.DETAILS, T + 3).end(T + 4);
    outer.end(T + 5);
    lane.finish(T + 6);
    request.finish(T + 7, Attributes.of(AttributeKey.longKey("status"), 200L));

    SeenSpan root = recorder.span("FastDeploy Req");
    SeenSpan thread = recorder.span("preprocess");
    SeenSpan stage = recorder.span("PREPROCESSING");
    assertThat(root.kind()).isEqualTo("SERVER");
    assertThat(root.parentId()).isEmpty();
    assertThat(thread.isChildOf(root)).isTrue();
    assertThat(stage.isChildOf(thread)).isTrue();
    assertThat(recorder.span("tokenize").isChildOf(stage)).isTrue();
    assertThat(root.attributes()).containsEntry("rid", "r1").containsEntry("status", 200L);
    assertThat(thread.attributes()).containsEntry("tp_rank", 0L).containsEntry("dp_rank", 1L);
    assertThat(stage.attributes()).containsOnly(Map.entry("tokens", 7L));
    assertThat(stage.start()).isEqualTo(T + 2);
    assertThat(stage.end()).isEqualTo(T + 5);
    assertThat(root.end()).isEqualTo(T + 7);
  }

  @Test
  void aCarrierJoinsTheTraceAndLinksToTheSpanBefore() {
    TraceReqContext request =
        recorder.tracing().startRequest(TraceReqStart.of("r1").withTs(T).withRole("FastDeploy"));
    TraceThreadContext lane = request.lane(T);
    lane.slice("A", T).end(T + 1);
    byte[] wire = lane.carrier().toBytes();

    TraceReqContext copy =
        recorder.tracing().joinRequest("r1", TraceCarrier.fromBytes(wire), T + 2);
    try (TraceThreadContext there = copy.lane(T + 2)) {
      there.slice("B", T + 2).end(T + 3);
    }
    copy.finish(T + 4, null);
    request.finish(T + 4, null);

    SeenSpan before = recorder.span("A");
    assertThat(recorder.span("B").linksTo(before)).isTrue();
    assertThat(recorder.span("B").traceId()).isEqualTo(before.traceId());
    assertThat(recorder.spans()).hasSize(5);
  }

  @Test
  void neighboursShareOneLookAtTheClock() {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    TraceThreadContext lane = request.lane();
    TraceSlice first = lane.slice("A");
    recorder.clock.addAndGet(5);
    TraceSlice second = first.next("B");
    recorder.clock.addAndGet(5);
    second.end();
    request.finish();

    assertThat(recorder.span("A").end()).isEqualTo(T + 5).isEqualTo(recorder.span("B").start());
    assertThat(recorder.span("B").linksTo(recorder.span("A"))).isTrue();
  }

  @Test
  void anExceptionThatLeavesABlockMarksTheSliceAndGoesOn() {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    TraceThreadContext lane = request.lane();
    assertThatThrownBy(
            () ->
                lane.call(
                    "tokenize",
                    slice -> {
                      throw new IllegalStateException("no such token");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no such token");
    request.finish();

    SeenSpan slice = recorder.span("tokenize");
    assertThat(slice.error()).isTrue();
    assertThat(slice.message()).isEqualTo("no such token");
    assertThat(slice.attribute("error.type")).isEqualTo("java.lang.IllegalStateException");
    assertThat(slice.events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.name()).isEqualTo("exception");
              assertThat(event.attributes())
                  .containsEntry("exception.type", "java.lang.IllegalStateException")
                  .containsEntry("exception.message", "no such token")
                  .containsKey("exception.stacktrace");
            });
  }

  @Test
  void aLaneUsedByAnotherThreadIsCountedAndIgnored() throws Exception {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r"));
    TraceThreadContext lane = request.lane();
    TraceSlice slice = lane.slice("mine");
    ExecutorService other = Executors.newSingleThreadExecutor();
    Future<?> misuse =
        other.submit(
            () -> {
              lane.slice("theirs").end();
              slice.set("a", 1).event("e", 0, null).error(new IllegalStateException());
              slice.end();
              lane.finish(0);
            });
    misuse.get();
    other.shutdown();
    slice.end();
    lane.finish(0);
    request.finish();

    assertThat(recorder.names()).containsExactlyInAnyOrder("mine", "main", "Req");
    assertThat(recorder.span("mine").attributes()).isEmpty();
    assertThat(recorder.faults(TraceFault.FOREIGN_THREAD)).isEqualTo(6);
  }

  @Test
  void aRequestFinishedOnAnotherThreadTakesWhatIsOpen() throws Exception {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r").withTs(T));
    ExecutorService worker = Executors.newSingleThreadExecutor();
    TraceSlice inner =
        worker
            .submit(
                () -> {
                  TraceThreadContext lane = request.lane(T + 1);
                  lane.slice("outer", T + 2).set("kept", true);
                  return lane.slice("inner", T + 3);
                })
            .get();
    request.abort(T + 10, "client gone");
    worker.submit(() -> inner.end(T + 20)).get();
    worker.shutdown();

    assertThat(recorder.spans()).hasSize(4);
    for (String name : new String[] {"outer", "inner", "pool-thread", "Req"}) {
      assertThat(recorder.span(name).truncated()).as(name).isTrue();
      assertThat(recorder.span(name).end()).as(name).isEqualTo(T + 10);
    }
    assertThat(recorder.span("outer").attribute("kept")).isEqualTo(true);
    assertThat(recorder.span("Req").attribute("abort_reason")).isEqualTo("client gone");
    assertThat(recorder.span("Req").error()).isTrue();
  }

  @Test
  void coroutinesOfOneRequestOnOneThreadHaveALaneEach() {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r").withTs(T));
    TraceThreadContext one = request.newLane(T + 1);
    TraceThreadContext two = request.newLane(T + 1);
    TraceSlice a = one.slice("a", T + 2);
    TraceSlice b = two.slice("b", T + 3);
    a.end(T + 4);
    b.end(T + 5);
    one.finish(T + 6);
    two.finish(T + 6);
    request.finish(T + 7, null);

    assertThat(recorder.span("a").parentId()).isNotEqualTo(recorder.span("b").parentId());
    assertThat(recorder.span("b").truncated()).isFalse();
  }

  @Test
  void choicesShareTheRootAndHaveLanesOfTheirOwn() {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r").withTs(T));
    TraceReqContext first = request.child("r::n::0");
    TraceReqContext second = request.child("r::n::1");
    TraceSlice a = first.lane(T + 1).slice("DECODE-0", T + 1);
    TraceSlice b = second.lane(T + 1).slice("DECODE-1", T + 1);
    a.end(T + 5);
    first.finish(T + 5, null);
    b.end(T + 9);
    second.lane(T + 9).finish(T + 9);
    second.finish(T + 9, null);
    request.finish(T + 10, null);

    assertThat(recorder.span("DECODE-1").end()).isEqualTo(T + 9);
    assertThat(recorder.span("DECODE-1").truncated()).isFalse();
    assertThat(recorder.names()).filteredOn("Req"::equals).hasSize(1);
    assertThat(recorder.names()).filteredOn("main"::equals).hasSize(2);
  }

  @Test
  void foreignInstrumentationNestsInTheRootAndCannotEndIt() {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r").withTs(T));
    try (Scope scope = request.context().makeCurrent()) {
      assertThat(scope).isNotNull();
      Span.current().setAttribute("http.route", "/v1/completions");
      Span.current().end();
    }
    request.finish(T + 5, null);
    assertThat(recorder.span("Req").attribute("http.route")).isEqualTo("/v1/completions");
    assertThat(recorder.span("Req").end()).isEqualTo(T + 5);
  }
}
