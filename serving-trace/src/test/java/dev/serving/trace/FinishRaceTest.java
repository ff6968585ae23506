package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A request is finished while another thread works for it: each span comes out once, and whole. */
class FinishRaceTest {
  @RegisterExtension final TraceRecorder recorder = new TraceRecorder();

  @Test
  void everySpanIsExportedOnceAndLiesInsideItsParent() throws Exception {
    recorder.tracing().threadInfo("front", null, null);
    ExecutorService worker = Executors.newSingleThreadExecutor();
    for (int round = 0; round < 3_000; round++) {
      TraceReqContext request = recorder.tracing().startRequest(TraceReqStart.of("r" + round));
      CyclicBarrier both = new CyclicBarrier(2);
      Future<?> work =
          worker.submit(
              () -> {
                TraceThreadContext lane = request.lane(0);
                both.await();
                for (int i = 0; i < 20; i++) {
                  recorder.clock.incrementAndGet();
                  TraceSlice outer = lane.slice("outer").set("i", i);
                  lane.slice("inner").set("i", i).event("e", 0, null).end();
                  outer.end();
                }
                return null;
              });
      both.await();
      for (int spin = round % 50; spin > 0; spin--) {
        Thread.onSpinWait();
      }
      request.finish(0, null);
      work.get();
    }
    worker.shutdown();
    check(recorder.spans());
  }

  private static void check(List<SeenSpan> spans) {
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
    assertThat(spans).filteredOn(span -> span.name().equals("Req")).hasSize(3_000);
  }
}
