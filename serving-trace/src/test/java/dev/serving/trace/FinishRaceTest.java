package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceRecorder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A request is finished while another thread works for it: each span comes out once, and whole. */
class FinishRaceTest {
  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  /** Rounds in which the finish fell into an open slice; fewer would prove little. */
  private static final int RACES = 200;

  private static final int MOST_ROUNDS = 5_000;
  private static final int MOST_SLICES = 200;

  @Test
  void everySpanIsExportedOnceAndLiesInsideItsParent() throws Exception {
    recorder.tracing().threadInfo("front", null, null);
    ExecutorService worker = Executors.newSingleThreadExecutor();
    int rounds = 0;
    for (int races = 0; races < RACES; rounds++) {
      assertThat(rounds).as("rounds for %d races", races).isLessThan(MOST_ROUNDS);
      races += round(worker, rounds) ? 1 : 0;
    }
    worker.shutdown();
    check(recorder.spans(), rounds);
  }

  /** Returns whether the request was finished while a slice of the worker's was open. */
  private boolean round(ExecutorService worker, int round) throws Exception {
    TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r" + round));
    AtomicInteger done = new AtomicInteger();
    Future<Boolean> raced = worker.submit(() -> work(request, done));
    while (done.get() <= round % 8) {
      Thread.onSpinWait();
    }
    request.finish();
    return raced.get();
  }

  private boolean work(TraceReqContext request, AtomicInteger done) {
    TraceThreadContext lane = request.lane();
    boolean cut = false;
    while (lane.recording() && done.get() < MOST_SLICES) {
      recorder.clock.incrementAndGet();
      TraceSlice outer = lane.slice("outer").set("i", done.get());
      boolean began = lane.recording();
      lane.slice("inner").set("i", done.get()).event("e", 0, null).end();
      if (done.get() % 8 == 7) {
        LockSupport.parkNanos(10_000); // lets the finisher have a core, inside a slice
      }
      cut = began && !lane.recording();
      outer.end();
      if (done.incrementAndGet() % 8 == 0) {
        LockSupport.parkNanos(10_000); // and between two
      }
    }
    return cut;
  }

  private static void check(List<SeenSpan> spans, int rounds) {
    Map<String, SeenSpan> byId = new HashMap<>();
    for (SeenSpan span : spans) {
      assertThat(byId.put(span.spanId(), span)).as("exported twice: %s", span).isNull();
    }
    for (SeenSpan span : spans) {
      assertThat(span.end()).isGreaterThanOrEqualTo(span.start());
      if (!span.parentId().isEmpty()) {
        SeenSpan parent = byId.get(span.parentId());
        assertThat(parent).as("parent of %s", span).isNotNull();
        assertThat(parent.start()).isLessThanOrEqualTo(span.start());
        assertThat(parent.end()).as("%s in %s", span, parent).isGreaterThanOrEqualTo(span.end());
      }
    }
    assertThat(spans).filteredOn(span -> span.name().equals("Req")).hasSize(rounds);
    assertThat(spans).filteredOn(SeenSpan::truncated).as("cut by the finisher").isNotEmpty();
  }
}
