package dev.serving.bench.trace;

import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.TraceSlice;
import dev.serving.trace.TraceThreadContext;
import dev.serving.trace.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import java.util.concurrent.locks.LockSupport;

/** Makes slices as a decode loop does: three attributes, a link, one clock read each. */
final class SliceMaker {
  private static final AttributeKey<Long> TOKENS = AttributeKey.longKey("tokens");
  private static final AttributeKey<Long> STEP = AttributeKey.longKey("step");
  private static final AttributeKey<String> PHASE = AttributeKey.stringKey("phase");
  private static final int BURST = 256;

  private final Tracing tracing;
  private final TraceReqContext request;
  private final TraceThreadContext lane;
  private long last;
  private long made;

  SliceMaker(Tracing tracing) {
    this.tracing = tracing;
    tracing.threadInfo("worker", 0, 0);
    request = tracing.startRequest(TraceReqStart.of("bench").withRole("Serving"));
    lane = request.lane();
    last = tracing.now();
  }

  /** Makes slices at this rate, in bursts, for so many seconds. */
  void pace(double perSecond, double seconds) {
    long start = System.nanoTime();
    long first = made;
    for (double gone = 0; gone < seconds; gone = (double) (System.nanoTime() - start) / 1e9) {
      long due = first + (long) (gone * perSecond);
      while (made < due) {
        make();
      }
      LockSupport.parkNanos(500_000);
    }
  }

  /** Makes slices as fast as they are delivered, for so many seconds. */
  void pushAsFastAsDelivered(double seconds, long mostInFlight) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() - end < 0) {
      if (tracing.metrics().inFlight() > mostInFlight) {
        LockSupport.parkNanos(100_000);
      } else {
        burst();
      }
    }
  }

  /** Mean nanoseconds of the thread's own processor time that a slice takes, over so many. */
  double cost(int slices) {
    long start = Cpu.ofThisThread();
    for (int i = 0; i < slices; i++) {
      make();
    }
    return (double) (Cpu.ofThisThread() - start) / slices;
  }

  /** Ends the request; returns how many spans were made, root and lane among them. */
  long finish() {
    request.finish();
    return made + 2;
  }

  private void burst() {
    for (int i = 0; i < BURST; i++) {
      make();
    }
  }

  private void make() {
    TraceSlice slice = lane.slice("DECODE", last);
    slice.set(TOKENS, made).set(STEP, 7L).set(PHASE, "decode");
    last = tracing.now();
    slice.end(last);
    made++;
  }
}
