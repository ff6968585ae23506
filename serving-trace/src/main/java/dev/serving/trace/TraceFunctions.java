package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * FastDeploy's and SGLang's tracing functions: a table from request id and calling thread to the
 * {@linkplain Tracing handles}, which do the work.
 *
 * <p>{@code rid} is opaque. {@code ts} is in nanoseconds since the epoch, 0 for now. {@code attrs}
 * may be null for none, or a map of texts, numbers, truth values and lists of these. A name is a
 * text or a {@link TraceSpanName}. What is left out has the default that it has in Python. Until
 * {@link #processTracingInit()} has turned tracing on, all functions return at once. May be called
 * from any thread; each has its own lane in a request. Nothing here throws, but for an
 * OpenTelemetry that is too old and what {@link #traceSpan}'s work throws; a call that makes no
 * sense is counted in {@link TracingMetrics#faults} and ignored.
 *
 * <p>Some parameters are of a wider type than they need be: so a bare {@code null} means one form
 * only. Times that stand beside a map are {@code Number}s; a room, a text or a number, is an {@code
 * Object}, and so is a map that stands alone. What is neither is counted and ignored.
 */
public final class TraceFunctions extends ShortForms {
  private static final AttributeKey<String> STREAM = AttributeKey.stringKey("stream");

  private static final Object LOCK = new Object();

  /** The table while tracing is on, and what passes by once it was initialised and is off. */
  private static volatile @Nullable FunctionTable table;

  private static volatile @Nullable PassedOn passing;

  private TraceFunctions() {}

  /**
   * Turns tracing on if the environment says so, until the process ends.
   *
   * @throws dev.serving.trace.config.TracingConfigException if OpenTelemetry is too old
   */
  public static void processTracingInit() {
    processTracingInit(TracingConfig.fromEnvironment(System.getenv()));
  }

  /** Turns tracing on if the configuration says so, until the process ends. */
  public static void processTracingInit(TracingConfig config) {
    synchronized (LOCK) {
      FunctionTable running = table();
      if (running == null) {
        processTracingInit(Tracing.start(config));
      } else {
        refuseSecondInit(running);
      }
    }
  }

  /** Makes the functions a door to tracing that is used by its handles, too. */
  public static void processTracingInit(Tracing tracing) {
    synchronized (LOCK) {
      FunctionTable running = table();
      if (running != null) {
        refuseSecondInit(running);
        return;
      }
      boolean on = tracing instanceof RealTracing;
      table = on ? new FunctionTable((RealTracing) tracing) : null;
      passing = new PassedOn();
    }
  }

  private static void refuseSecondInit(FunctionTable running) {
    running.tracing().fault(TraceFault.SECOND_INIT, () -> "a second init was ignored");
  }

  /** Returns the table; null while tracing is off, also because it was closed by its handles. */
  private static @Nullable FunctionTable table() {
    FunctionTable t = table;
    return t != null && t.tracing().enabled() ? t : null;
  }

  static boolean isOn() {
    return table() != null;
  }

  /** Ends open requests as truncated, delivers what there is, and turns tracing off. */
  public static void processTracingShutdown() {
    FunctionTable last;
    synchronized (LOCK) {
      last = table;
      table = null;
      passing = passing == null ? null : new PassedOn();
    }
    if (last != null) {
      last.tracing().close();
    }
  }

  /** Names the calling thread's lanes; ranks may be null. A thread's first call counts. */
  public static void traceSetThreadInfo(
      @Nullable String threadLabel, @Nullable Integer tpRank, @Nullable Integer dpRank) {
    FunctionTable t = table();
    if (t != null) {
      t.tracing().threadInfo(threadLabel, tpRank, dpRank);
    }
  }

  /**
   * Starts a request and the calling thread's lane in it. If a span is current that records, it is
   * the root, and stays its owner's to end; else a new root is made, named after the role, under
   * the current span, else under the parent, which may be null. A request that is still open goes
   * on.
   */
  public static void traceReqStart(
      @Nullable String rid, @Nullable Context parent, long ts, @Nullable String role) {
    traceReqStart(rid, null, parent, ts, role);
  }

  /**
   * Starts a request that belongs to a bootstrap room, and the calling thread's lane in it. Who
   * names the room first makes a span {@code Bootstrap Room} with the attribute {@code
   * bootstrap_room}, under the current span, if there is one, and a root under it; both end with
   * the request. A node that was told of the room, by {@link #traceSetRemotePropagateContext},
   * hangs its root under the first one's span. Null, empty, {@code "0"} and {@code "None"} are no
   * room: then this does what the other form does.
   *
   * @param bootstrapRoom a text or a number
   */
  public static void traceReqStart(
      @Nullable String rid, @Nullable Object bootstrapRoom, long ts, @Nullable String role) {
    traceReqStart(rid, bootstrapRoom, null, ts, role);
  }

  /** Starts a request in a room; where no span is current its span is made under the parent. */
  public static void traceReqStart(
      @Nullable String rid,
      @Nullable Object bootstrapRoom,
      @Nullable Context parent,
      long ts,
      @Nullable String role) {
    FunctionTable t = table();
    PassedOn off = passing;
    if (t != null) {
      t.start(text(rid), bootstrapRoom, parent, ts, text(role));
    } else if (off != null) {
      off.start(text(rid), parent);
    }
  }

  /** Ends a request in this process: its lanes, and its root if it was made here. */
  public static void traceReqFinish(@Nullable String rid, long ts, @Nullable Attributes attrs) {
    FunctionTable t = table();
    PassedOn off = passing;
    if (t != null) {
      t.finish(text(rid), ts, attrs);
    } else if (off != null) {
      off.finish(text(rid));
    }
  }

  /** Starts a slice on the calling thread's lane; an anonymous one gets its name at its end. */
  public static void traceSliceStart(
      @Nullable String name, @Nullable String rid, long ts, boolean anonymous) {
    FunctionTable t = table();
    if (t != null) {
      t.sliceStart(text(name), text(rid), ts, anonymous);
    }
  }

  /**
   * Ends the innermost open slice of the calling thread's lane.
   *
   * @param autoNextAnon starts an anonymous slice at the same instant
   * @param threadFinishFlag ends the lane too, and then no slice is started
   */
  public static void traceSliceEnd(
      @Nullable String name,
      @Nullable String rid,
      long ts,
      @Nullable Attributes attrs,
      boolean autoNextAnon,
      boolean threadFinishFlag) {
    FunctionTable t = table();
    if (t != null) {
      t.sliceEnd(text(name), text(rid), ts, attrs, autoNextAnon, threadFinishFlag);
    }
  }

  /** Does what {@code traceSliceEnd} does, as the other forms of this do. */
  public static void traceSlice(
      @Nullable String name,
      @Nullable String rid,
      long ts,
      @Nullable Attributes attrs,
      boolean autoNextAnon,
      boolean threadFinishFlag) {
    traceSliceEnd(name, rid, ts, attrs, autoNextAnon, threadFinishFlag);
  }

  /** Adds a slice that is already over. */
  public static void traceReportSpan(
      @Nullable String name,
      @Nullable String rid,
      long startNs,
      long endNs,
      @Nullable Attributes attrs,
      boolean threadFinishFlag) {
    FunctionTable t = table();
    if (t != null) {
      t.report(text(name), text(rid), startNs, endNs, attrs, threadFinishFlag);
    }
  }

  /** Adds an event to the innermost open slice of the calling thread's lane. */
  public static void traceEvent(
      @Nullable String name, @Nullable String rid, long ts, @Nullable Attributes attrs) {
    FunctionTable t = table();
    if (t != null) {
      t.event(text(name), text(rid), ts, attrs);
    }
  }

  /** Sets attributes of the innermost open slice of the calling thread's lane. */
  public static void traceSliceAddAttr(@Nullable String rid, @Nullable Attributes attrs) {
    FunctionTable t = table();
    if (t != null) {
      t.addAttributes(text(rid), attrs);
    }
  }

  /**
   * Sets attributes of the innermost open slice.
   *
   * @param attrs a map from texts to values
   */
  public static void traceSliceAddAttr(@Nullable String rid, @Nullable Object attrs) {
    FunctionTable t = table();
    if (t != null) {
      t.addAttributes(text(rid), t.attributes(attrs));
    }
  }

  /**
   * Returns what another process of the group needs to join a request; for a thread without a lane,
   * as the lane that ended last saw it, also when that was the last one here of a request that
   * began elsewhere. Never null: none for an unknown request. Where tracing is off, what came in.
   */
  public static TraceCarrier traceGetProcPropagateContext(@Nullable String rid) {
    FunctionTable t = table();
    PassedOn off = passing;
    if (t != null) {
      return t.carrier(text(rid));
    }
    return off == null ? TraceCarrier.none() : off.carrier(text(rid));
  }

  /**
   * Joins a request by what came with its message, and opens the calling thread's lane, whose next
   * slice links to the carrier's previous span. Ignored if the thread has a lane in the request.
   */
  public static void traceSetProcPropagateContext(
      @Nullable String rid, @Nullable TraceCarrier carrier, long ts) {
    FunctionTable t = table();
    PassedOn off = passing;
    if (t != null) {
      t.join(text(rid), carrier, ts);
    } else if (off != null) {
      off.join(text(rid), carrier);
    }
  }

  /**
   * Returns the header {@code trace_context} for another node: what it needs to join the open
   * requests of these rooms, texts or numbers. Empty if none of them is known here.
   */
  public static String traceGetRemotePropagateContext(@Nullable Collection<?> bootstrapRooms) {
    FunctionTable t = table();
    return t == null ? "" : t.rooms().header(bootstrapRooms, t::handle);
  }

  /** Keeps what another node's header says of requests that will start here. */
  public static void traceSetRemotePropagateContext(@Nullable String header) {
    FunctionTable t = table();
    if (t != null) {
      t.rooms().read(header);
    }
  }

  /**
   * Ends a slice of every request of a batch at one instant; of those unfinished the next begins.
   * The batch is what the collection holds at the call.
   */
  public static void traceSliceBatch(
      @Nullable CharSequence name, @Nullable Collection<? extends TracedRequest> requests) {
    FunctionTable t = table();
    if (t != null) {
      t.batches().slice(text(name), requests);
    }
  }

  /** Adds an event with a shared id ({@code bid}) and {@code batch_size} to each of a batch. */
  public static void traceEventBatch(
      @Nullable String name,
      @Nullable Collection<? extends TracedRequest> requests,
      long ts,
      @Nullable Attributes attrs) {
    FunctionTable t = table();
    if (t != null) {
      t.batches().event(text(name), requests, ts, attrs);
    }
  }

  /** Returns the ids of a request's root. */
  public static Optional<TraceInfo> getTraceInfoForRequest(@Nullable String rid) {
    FunctionTable t = table();
    TraceReqContext handle = t == null ? null : t.handle(text(rid));
    return handle == null ? Optional.empty() : handle.info();
  }

  /**
   * Does some work inside a span that is current meanwhile: a child of the current one, else a new
   * root. Whether tracing is on is asked at each call.
   *
   * @throws Exception what the work throws; the span then says so
   */
  public static <T> T traceSpan(@Nullable String spanName, Callable<T> work) throws Exception {
    FunctionTable t = table();
    return t == null ? work.call() : t.span(text(spanName), work::call);
  }

  /** Does some work that returns nothing inside a span; see the form with a Callable. */
  public static void traceSpan(@Nullable CharSequence spanName, Runnable work) {
    FunctionTable t = table();
    if (t == null) {
      work.run();
    } else {
      t.span(
          text(spanName),
          () -> {
            work.run();
            return null;
          });
    }
  }

  /**
   * Says on the current span that its request is streamed: attribute {@code stream}, "true". It is
   * handed on to the spans begun under that one.
   */
  public static void labelSpan(boolean stream) {
    if (stream && table() != null && Span.current().isRecording()) {
      Span.current().setAttribute(STREAM, "true");
    }
  }
}
