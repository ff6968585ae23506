package dev.serving.bench.trace;

import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.TraceSlice;
import dev.serving.trace.TraceThreadContext;
import dev.serving.trace.Tracing;
import dev.serving.trace.TracingConfig;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One slice, start to end, on the thread that makes it: switched off; switched on with three
 * attributes, a link to the slice before and one clock read that neighbours share; and the same
 * through a span of OpenTelemetry's SDK with its batch processor. Exporters discard at once.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SliceBenchmark {
  private static final AttributeKey<Long> TOKENS = AttributeKey.longKey("tokens");
  private static final AttributeKey<Long> STEP = AttributeKey.longKey("step");
  private static final AttributeKey<String> PHASE = AttributeKey.stringKey("phase");

  /** What all threads share. */
  @State(Scope.Benchmark)
  public static class Libraries {
    private final Tracing off = Tracing.noop();
    private Tracing on;
    private SdkTracerProvider provider;
    private Tracer raw;
    private long anchor;

    /** Starts both libraries. */
    @Setup
    public void start() {
      TracingConfig config = TracingConfig.builder().enabled(true).build();
      on = Tracing.start(config, SpanExporter.composite());
      provider =
          SdkTracerProvider.builder()
              .addSpanProcessor(BatchSpanProcessor.builder(SpanExporter.composite()).build())
              .build();
      raw = provider.get("bench");
      Instant now = Instant.now();
      anchor = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
    }

    /** Stops them. */
    @TearDown
    public void stop() {
      on.close();
      provider.close();
    }

    private long now() {
      return anchor + System.nanoTime();
    }
  }

  /** What each thread has: an open request with a lane, and where its last slice ended. */
  @State(Scope.Thread)
  public static class Lane {
    private TraceReqContext request;
    private TraceThreadContext lane;
    private TraceThreadContext offLane;
    private Context rawLane;
    private SpanContext previous;
    private long last;
    private long count;

    /** Opens them. */
    @Setup
    public void open(Libraries process) {
      process.on.threadInfo("worker", 0, 0);
      request = process.on.startRequest(TraceReqStart.of("bench").withRole("Serving"));
      lane = request.lane();
      offLane = process.off.startRequest(TraceReqStart.of("bench")).lane();
      Span span = process.raw.spanBuilder("worker").startSpan();
      rawLane = Context.root().with(span);
      previous = span.getSpanContext();
      last = process.now();
    }

    /** Ends the request. */
    @TearDown
    public void end() {
      request.finish();
    }
  }

  /** The loop and its counter, without any tracing. */
  @Benchmark
  public long empty(Lane state) {
    return state.count++;
  }

  /** A slice while tracing is off. */
  @Benchmark
  public long sliceOff(Lane state) {
    TraceSlice slice = state.offLane.slice("DECODE");
    slice.set(TOKENS, 1L).set(STEP, 7L).set(PHASE, "decode");
    slice.end();
    return state.count++;
  }

  /** A slice that is recorded; it links to the one before it on its lane. */
  @Benchmark
  public long sliceOn(Libraries process, Lane state) {
    TraceSlice slice = state.lane.slice("DECODE", state.last);
    slice.set(TOKENS, state.count).set(STEP, 7L).set(PHASE, "decode");
    state.last = process.on.now();
    slice.end(state.last);
    return state.count++;
  }

  /** A span of the SDK with the same content. */
  @Benchmark
  public long rawSpan(Libraries process, Lane state) {
    Span span =
        process
            .raw
            .spanBuilder("DECODE")
            .setParent(state.rawLane)
            .addLink(state.previous)
            .setStartTimestamp(state.last, TimeUnit.NANOSECONDS)
            .startSpan();
    span.setAttribute(TOKENS, state.count).setAttribute(STEP, 7L).setAttribute(PHASE, "decode");
    state.last = process.now();
    span.end(state.last, TimeUnit.NANOSECONDS);
    state.previous = span.getSpanContext();
    return state.count++;
  }
}
