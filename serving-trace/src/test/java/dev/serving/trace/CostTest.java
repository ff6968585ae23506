package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What tracing may cost: nothing while it is off, little while a request is open, nothing after.
 */
class CostTest {
  private static final AttributeKey<Long> TOKENS = AttributeKey.longKey("tokens");
  private static final Map<String, ?> MAP = Map.of("k", 1);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static void offOnce(Tracing tracing, TraceReqContext request) {
    TraceThreadContext lane = request.lane();
    try (TraceSlice slice = lane.slice(TraceSpanName.DECODE)) {
      slice.set("step", 1).set(TOKENS, 1L).set("a", "b").event("e").kind(SpanKind.CLIENT);
      lane.call("inner", TraceLevel.DETAILS, inner -> inner);
    }
    lane.carrier();
    lane.close();
    request.set("step", 1).event("e").finish();
    tracing.now();
    TraceFunctions.traceSliceStart("A", "r");
    TraceFunctions.traceSliceEnd("A", "r", true);
    TraceFunctions.traceSliceAddAttr("r", MAP);
    TraceFunctions.traceGetProcPropagateContext("r");
  }

  private static long bytesOff(Tracing tracing, TraceReqContext request) {
    for (int i = 0; i < 10_000; i++) {
      offOnce(tracing, request);
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      offOnce(tracing, request);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void offLanesAndSlicesAllocateNothing() {
    Tracing off = Tracing.noop();
    // The measurement itself may allocate once; a byte per round would be ten thousand.
    assertThat(bytesOff(off, off.startRequest(TraceReqStart.of("r")))).isLessThan(10_000);
    TraceCarrier carrier =
        TraceCarrier.fromMap(
            Map.of("root", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    assertThat(bytesOff(off, off.joinRequest("r", carrier))).isLessThan(10_000);
  }

  @Test
  void offARequestIsOneSmallObject() {
    TraceReqStart start = TraceReqStart.of("r");
    Tracing.noop().startRequest(start).finish(); // the first of a process loads classes
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      Tracing.noop().startRequest(start).finish();
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(48 * 10_000L);
  }

  private static Tracing discarding(Duration abandonAfter) {
    TracingConfig config = TracingConfig.builder().enabled(true).abandonAfter(abandonAfter).build();
    return Tracing.start(config, SpanExporter.composite());
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
      tracing.startRequest(TraceReqStart.of("warm")).finish();
      List<TraceReqContext> requests = new ArrayList<>(open);
      long before = liveBytes();
      for (int i = 0; i < open; i++) {
        TraceReqContext request =
            tracing.startRequest(TraceReqStart.of("r" + i).withRole("Serving"));
        request.lane().slice(TraceSpanName.DECODE).set(TOKENS, 1L);
        requests.add(request);
      }
      long each = (liveBytes() - before) / open;
      assertThat(each).isBetween(1L, 2048L);
      requests.forEach(request -> request.finish());
    }
  }

  @Test
  void finishedAndAbandonedRequestsLeaveNothing() {
    int many = Integer.getInteger("trace.requests", 50_000);
    try (RealTracing tracing = (RealTracing) discarding(Duration.ofMillis(50))) {
      // Tables that have grown for as many at once stay grown, and what other tests have left goes
      // at
      // a time of its own; a leak grows in every round.
      run(tracing, many);
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 4 && least >= 20; round++) {
        long before = liveBytes();
        run(tracing, many);
        least = Math.min(least, (liveBytes() - before) / many);
      }
      assertThat(tracing.open().size()).isZero();
      assertThat(least).isLessThan(20);
    }
  }

  private static void run(RealTracing tracing, int requests) {
    for (int i = 0; i < requests; i++) {
      TraceReqContext finished =
          tracing.startRequest(TraceReqStart.of("f" + i).withRole("Serving"));
      finished.lane().slice("A").end();
      finished.finish();
      tracing.startRequest(TraceReqStart.of("a" + i).withRole("Serving")).lane().slice("A");
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> tracing.open().size() == 0);
    assertThat(tracing.flush(Duration.ofSeconds(10))).isTrue();
  }
}
