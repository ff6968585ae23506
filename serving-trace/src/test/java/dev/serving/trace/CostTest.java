package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What tracing may cost: nothing while it is off, little while a request is open, nothing after.
 */
class CostTest {
  private static final AttributeKey<Long> TOKENS = AttributeKey.longKey("tokens");
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final class Discard implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  private static void offOnce(Tracing tracing) {
    TraceReqContext request = tracing.startRequest("r", null, 0, "role");
    TraceThreadContext lane = request.lane(0);
    try (TraceSlice slice = lane.slice(TraceSpanName.DECODE)) {
      slice.set("step", 1).set(TOKENS, 1L).event("e", 0, null);
    }
    lane.carrier();
    lane.close();
    request.finish(0, null);
    TraceFunctions.traceSliceStart("A", "r", 0, false);
    TraceFunctions.traceSliceEnd("A", "r", 0, null, false, false);
    TraceFunctions.traceGetProcPropagateContext("r");
  }

  @Test
  void offNothingIsAllocated() {
    for (int i = 0; i < 10_000; i++) {
      offOnce(Tracing.noop());
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      offOnce(Tracing.noop());
    }
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    // The measurement itself may allocate once; a byte per round would be ten thousand.
    assertThat(bytes).isLessThan(10_000);
    assertThat(Tracing.noop().now()).isZero();
  }

  private static Tracing discarding(Duration abandonAfter) {
    TracingConfig config = TracingConfig.builder().enabled(true).abandonAfter(abandonAfter).build();
    return Tracing.start(config, new Discard());
  }

  private static long liveBytes() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  @Test
  void anOpenRequestWithLaneAndSliceTakesAtMostTwoKilobytes() {
    int open = 20_000;
    try (Tracing tracing = discarding(Duration.ofHours(1))) {
      tracing.startRequest(TraceReqStart.of("warm")).finish(0, null);
      List<TraceReqContext> requests = new ArrayList<>(open);
      long before = liveBytes();
      for (int i = 0; i < open; i++) {
        TraceReqContext request = tracing.startRequest("r" + i, null, 0, "Serving");
        request.lane(0).slice(TraceSpanName.DECODE).set(TOKENS, 1L);
        requests.add(request);
      }
      long each = (liveBytes() - before) / open;
      assertThat(each).isBetween(1L, 2048L);
      requests.forEach(request -> request.finish(0, null));
    }
  }

  @Test
  void finishedAndAbandonedRequestsLeaveNothing() {
    int many = Integer.getInteger("trace.requests", 50_000);
    try (RealTracing tracing = (RealTracing) discarding(Duration.ofMillis(50))) {
      // Tables that have grown for as many at once stay grown; that is not a leak.
      run(tracing, many);
      long before = liveBytes();
      run(tracing, many);
      long grown = liveBytes() - before;
      assertThat(tracing.openRequests().size()).isZero();
      assertThat(grown / many).isLessThan(20);
    }
  }

  private static void run(RealTracing tracing, int requests) {
    for (int i = 0; i < requests; i++) {
      TraceReqContext finished = tracing.startRequest("f" + i, null, 0, "Serving");
      finished.lane(0).slice("A").end();
      finished.finish(0, null);
      tracing.startRequest("a" + i, null, 0, "Serving").lane(0).slice("A");
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> tracing.openRequests().size() == 0);
    assertThat(tracing.flush(Duration.ofSeconds(10))).isTrue();
  }
}
