package dev.serving.trace;

import dev.serving.trace.config.TracingConfigException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * FastDeploy's and SGLang's tracing functions: a table from request id and calling thread to the
 * {@linkplain Tracing handles}, which do the work.
 *
 * <p>{@code rid} is opaque. {@code ts} is in nanoseconds since the epoch, 0 for now. {@code attrs}
 * may be null for none. Until {@link #processTracingInit()} has turned tracing on, all functions
 * return at once. May be called from any thread; each has its own lane in a request. Nothing here
 * throws, but for a bad configuration and what {@link #traceSpan}'s work throws; a call that makes
 * no sense is counted in {@link TracingMetrics#faults} and ignored.
 */
public final class TraceFunctions {
  private static final AttributeKey<String> STREAM = AttributeKey.stringKey("stream");

  private static final Object LOCK = new Object();
  private static volatile FunctionTable table;

  private TraceFunctions() {}

  /**
   * Turns tracing on if the environment says so, until the process ends.
   *
   * @throws TracingConfigException if a variable has a bad value; the message names it
   */
  public static void processTracingInit() {
    processTracingInit(TracingConfig.fromEnvironment(System.getenv()));
  }

  /** Turns tracing on if the configuration says so, until the process ends. */
  public static void processTracingInit(TracingConfig config) {
    synchronized (LOCK) {
      if (table == null) {
        processTracingInit(Tracing.start(config));
        Runtime.getRuntime()
            .addShutdownHook(new Thread(TraceFunctions::processTracingShutdown, "trace-shutdown"));
      } else {
        refuseSecondInit();
      }
    }
  }

  /** Makes the functions a door to tracing that is used by its handles, too. */
  public static void processTracingInit(Tracing tracing) {
    synchronized (LOCK) {
      if (table != null) {
        refuseSecondInit();
      } else if (tracing instanceof RealTracing real) {
        table = new FunctionTable(real);
      }
    }
  }

  private static void refuseSecondInit() {
    table.tracing().fault(TraceFault.SECOND_INIT, "a second init was ignored");
  }

  /** Ends open requests as truncated, delivers what there is, and turns tracing off. */
  public static void processTracingShutdown() {
    FunctionTable last;
    synchronized (LOCK) {
      last = table;
      table = null;
    }
    if (last != null) {
      last.tracing().close();
    }
  }

  /** Names the calling thread's lanes; ranks may be null. A thread's first call counts. */
  public static void traceSetThreadInfo(String threadLabel, Integer tpRank, Integer dpRank) {
    FunctionTable t = table;
    if (t != null) {
      t.tracing().threadInfo(threadLabel, tpRank, dpRank);
    }
  }

  /** Names the calling thread's lanes. */
  public static void traceSetThreadInfo(String threadLabel) {
    traceSetThreadInfo(threadLabel, null, null);
  }

  /**
   * Starts a request and the calling thread's lane in it. If a span is current that records, it is
   * the root, and stays its owner's to end; else a new root is made, named after the role, under
   * the current span, else under the parent, which may be null. A request that is still open goes
   * on.
   */
  public static void traceReqStart(String rid, Context parent, long ts, String role) {
    FunctionTable t = table;
    if (t != null) {
      t.start(text(rid), parent, ts, role);
    }
  }

  /**
   * Starts a request whose root belongs to a bootstrap room: under the root that another node named
   * by {@link #traceSetRemotePropagateContext}, else as the other form. Null, empty and {@code "0"}
   * are no room.
   */
  public static void traceReqStart(String rid, String bootstrapRoom, long ts, String role) {
    FunctionTable t = table;
    if (t != null) {
      t.start(text(rid), bootstrapRoom, ts, role);
    }
  }

  /** Ends a request in this process: its lanes, and its root if it was made here. */
  public static void traceReqFinish(String rid, long ts, Attributes attrs) {
    FunctionTable t = table;
    if (t != null) {
      t.finish(text(rid), ts, attrs);
    }
  }

  /** Ends a request now. */
  public static void traceReqFinish(String rid) {
    traceReqFinish(rid, 0, null);
  }

  /** Starts a slice on the calling thread's lane; an anonymous one gets its name at its end. */
  public static void traceSliceStart(String name, String rid, long ts, boolean anonymous) {
    FunctionTable t = table;
    if (t != null) {
      t.sliceStart(name, text(rid), ts, anonymous);
    }
  }

  /** Starts a slice; see {@link #traceSliceStart(String, String, long, boolean)}. */
  public static void traceSliceStart(TraceSpanName name, String rid, long ts, boolean anonymous) {
    traceSliceStart(TraceSpanName.of(name), rid, ts, anonymous);
  }

  /** Starts a slice now. */
  public static void traceSliceStart(String name, String rid) {
    traceSliceStart(name, rid, 0, false);
  }

  /**
   * Ends the innermost open slice of the calling thread's lane.
   *
   * @param autoNextAnon starts an anonymous slice at the same instant
   * @param threadFinishFlag ends the lane too, and then no slice is started
   */
  public static void traceSliceEnd(
      String name,
      String rid,
      long ts,
      Attributes attrs,
      boolean autoNextAnon,
      boolean threadFinishFlag) {
    FunctionTable t = table;
    if (t != null) {
      t.sliceEnd(text(name), text(rid), ts, attrs, autoNextAnon, threadFinishFlag);
    }
  }

  /** Ends a slice; see the form with a String. */
  public static void traceSliceEnd(
      TraceSpanName name,
      String rid,
      long ts,
      Attributes attrs,
      boolean autoNextAnon,
      boolean threadFinishFlag) {
    traceSliceEnd(TraceSpanName.of(name), rid, ts, attrs, autoNextAnon, threadFinishFlag);
  }

  /** Ends a slice now. */
  public static void traceSliceEnd(String name, String rid) {
    traceSliceEnd(name, rid, 0, null, false, false);
  }

  /** Does what {@link #traceSliceEnd(String, String, long, Attributes, boolean, boolean)} does. */
  public static void traceSlice(
      String name,
      String rid,
      long ts,
      Attributes attrs,
      boolean autoNextAnon,
      boolean threadFinishFlag) {
    traceSliceEnd(name, rid, ts, attrs, autoNextAnon, threadFinishFlag);
  }

  /** Adds a slice that is already over. */
  public static void traceReportSpan(
      String name,
      String rid,
      long startNs,
      long endNs,
      Attributes attrs,
      boolean threadFinishFlag) {
    FunctionTable t = table;
    if (t != null) {
      t.report(text(name), text(rid), startNs, endNs, attrs, threadFinishFlag);
    }
  }

  /** Adds a slice that is already over; see the form with a String. */
  public static void traceReportSpan(
      TraceSpanName name,
      String rid,
      long startNs,
      long endNs,
      Attributes attrs,
      boolean threadFinishFlag) {
    traceReportSpan(TraceSpanName.of(name), rid, startNs, endNs, attrs, threadFinishFlag);
  }

  /** Adds an event to the innermost open slice of the calling thread's lane. */
  public static void traceEvent(String name, String rid, long ts, Attributes attrs) {
    FunctionTable t = table;
    if (t != null) {
      t.event(name, text(rid), ts, attrs);
    }
  }

  /** Sets attributes of the innermost open slice of the calling thread's lane. */
  public static void traceSliceAddAttr(String rid, Attributes attrs) {
    FunctionTable t = table;
    if (t != null) {
      t.addAttributes(text(rid), attrs);
    }
  }

  /**
   * Returns what another process of the group needs to join a request; for a thread without a lane,
   * as the lane that ended last saw it. Never null: none for an unknown request.
   */
  public static TraceCarrier traceGetProcPropagateContext(String rid) {
    FunctionTable t = table;
    return t == null ? TraceCarrier.none() : t.carrier(text(rid));
  }

  /**
   * Joins a request by what came with its message, and opens the calling thread's lane, whose next
   * slice links to the carrier's previous span. Ignored if the thread has a lane in the request.
   */
  public static void traceSetProcPropagateContext(String rid, TraceCarrier carrier, long ts) {
    FunctionTable t = table;
    if (t != null) {
      t.join(text(rid), carrier, ts);
    }
  }

  /**
   * Returns the header {@code trace_context} for another node: what it needs to join the open
   * requests of these rooms. Empty if none of them is known here.
   */
  public static String traceGetRemotePropagateContext(Collection<String> bootstrapRooms) {
    FunctionTable t = table;
    return t == null ? "" : t.remoteHeader(bootstrapRooms);
  }

  /** Keeps what another node's header says of requests that will start here. */
  public static void traceSetRemotePropagateContext(String header) {
    FunctionTable t = table;
    if (t != null) {
      t.remote().read(header);
    }
  }

  /**
   * Ends a slice of every request of a batch at one instant; of those unfinished the next begins.
   */
  public static void traceSliceBatch(String name, Collection<? extends TracedRequest> requests) {
    FunctionTable t = table;
    if (t != null) {
      t.sliceBatch(text(name), requests);
    }
  }

  /** Adds an event with a shared id ({@code bid}) and {@code batch_size} to each of a batch. */
  public static void traceEventBatch(
      String name, Collection<? extends TracedRequest> requests, long ts, Attributes attrs) {
    FunctionTable t = table;
    if (t != null) {
      t.eventBatch(name, requests, ts, attrs);
    }
  }

  /** Returns the ids of a request's root. */
  public static Optional<TraceInfo> getTraceInfoForRequest(String rid) {
    FunctionTable t = table;
    TraceReqContext handle = t == null ? null : t.handle(text(rid));
    return handle == null ? Optional.empty() : handle.info();
  }

  /**
   * Does some work inside a span that is current meanwhile: a child of the current one, else a new
   * root. Whether tracing is on is asked at each call.
   *
   * @throws Exception what the work throws; the span then says so
   */
  public static <T> T traceSpan(String spanName, Callable<T> work) throws Exception {
    FunctionTable t = table;
    return t == null ? work.call() : t.span(text(spanName), work);
  }

  /** Says on the current span that its request is streamed: attribute {@code stream}, "true". */
  public static void labelSpan(boolean stream) {
    if (stream && table != null && Span.current().isRecording()) {
      Span.current().setAttribute(STREAM, "true");
    }
  }

  private static String text(String given) {
    return given == null ? "" : given;
  }
}
