package dev.serving.trace;

import dev.serving.trace.config.TracingConfigException;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tracing in this process: the clock, the threads' labels, and the start of every request.
 *
 * <p>Either records or does nothing, chosen once, where it is made. All methods may be called from
 * any thread, and none but {@code start} throws. Times are nanoseconds since the epoch, 0 for now.
 *
 * <pre>{@code
 * tracing.threadInfo("scheduler");
 * try (TraceReqContext request = tracing.startRequest(TraceReqStart.of(rid).withRole("Serving"));
 *     TraceThreadContext lane = request.lane();
 *     TraceSlice slice = lane.slice(TraceSpanName.SCHEDULE)) {
 *   slice.set("queue_length", queue.size());
 * }
 * }</pre>
 *
 * <p>{@link TraceReqContext} shows the same with a failure marked.
 */
public abstract sealed class Tracing implements AutoCloseable permits RealTracing, NoopTracing {
  private final TextMapPropagator propagator;

  Tracing(TextMapPropagator propagator) {
    this.propagator = propagator;
  }

  /**
   * Starts tracing; spans go where the configuration says.
   *
   * @return tracing that does nothing if the configuration turns it off
   * @throws TracingConfigException if the configuration names files that cannot be used, or
   *     OpenTelemetry is too old
   */
  public static Tracing start(TracingConfig config) {
    return start(config, (Path) null);
  }

  private static Tracing off(TracingConfig config) {
    return new NoopTracing(W3c.propagator(config.propagators()));
  }

  /**
   * Starts tracing in a process that somebody watches over. What the process would leave untold if
   * it were killed is noted in a file, for {@link #recover}; a clean end deletes it.
   *
   * @param journal a file that does not exist yet, best in memory ({@code /dev/shm}); null for none
   * @return tracing that does nothing if the configuration turns it off
   * @throws TracingConfigException if the configuration names files that cannot be used, or
   *     OpenTelemetry is too old
   */
  public static Tracing start(TracingConfig config, @Nullable Path journal) {
    OpenTelemetryVersion.check(config);
    System.getLogger("dev.serving.trace").log(System.Logger.Level.INFO, config.summary());
    return config.active()
        ? TracingStart.start(config, journal, TraceClock.of(config))
        : off(config);
  }

  /**
   * Starts tracing; spans go to the given exporter, which is shut down with it.
   *
   * @return tracing that does nothing if the configuration turns it off
   */
  public static Tracing start(TracingConfig config, SpanExporter exporter) {
    OpenTelemetryVersion.check(config);
    return config.enabled()
        ? TracingStart.start(config, exporter, TraceClock.of(config))
        : off(config);
  }

  /** Returns tracing that does nothing but keep ids and hand on what came in. */
  public static Tracing noop() {
    return NoopTracing.INSTANCE;
  }

  /** Returns whether anything is ever recorded; false once this is closed. */
  public abstract boolean enabled();

  /**
   * Returns nanoseconds since the epoch; 0 where tracing is off. Does not go back, unless the
   * host's clock was stepped: that is followed when the next request is extracted, started or
   * joined.
   */
  public abstract long now();

  /**
   * Returns what a time of {@link System#nanoTime} is in nanoseconds since the epoch; 0 where
   * tracing is off. For what was measured before it was known that it is to be traced: to subtract
   * one clock from the other puts a span off by as long as the thread is held up between reading
   * the two.
   */
  public abstract long at(long nanoTime);

  /** Names the calling thread's lanes; see the form with ranks. */
  public void threadInfo(@Nullable String label) {
    threadInfo(label, null, null);
  }

  /**
   * Names the calling thread's lanes. The first call of a thread counts; the lanes of a thread that
   * never called are named after the thread, without its numbers.
   *
   * @param label what the thread does; the name of its lanes
   * @param tpRank its tensor-parallel rank, or null
   * @param dpRank its data-parallel rank, or null
   */
  public void threadInfo(
      @Nullable String label, @Nullable Integer tpRank, @Nullable Integer dpRank) {
    threadInfo(label, tpRank, dpRank, label);
  }

  /**
   * Names the calling thread's lanes otherwise than by its label, for pages that show names alone:
   * with a rank, say. The first call of a thread counts.
   *
   * @param label what the thread does; the attribute {@code thread_label}
   * @param tpRank its tensor-parallel rank, or null
   * @param dpRank its data-parallel rank, or null
   * @param laneName the name of its lanes, one of few; taken if it begins by the label
   */
  public abstract void threadInfo(
      @Nullable String label,
      @Nullable Integer tpRank,
      @Nullable Integer dpRank,
      @Nullable String laneName);

  /** Starts a request; the returned handle owns the root span unless that is inherited. */
  public abstract TraceReqContext startRequest(@Nullable TraceReqStart start);

  /**
   * Joins a request that another process, or another part of this one, started. Each call returns a
   * handle of its own; the calling thread's lane, once opened, links to the carrier's previous
   * span. A carrier that is none gives a handle that records nothing.
   */
  public TraceReqContext joinRequest(@Nullable String rid, @Nullable TraceCarrier carrier) {
    return joinRequest(rid, carrier, 0);
  }

  /** Joins a request at the given time; see {@link #joinRequest(String, TraceCarrier)}. */
  public TraceReqContext joinRequest(
      @Nullable String rid, @Nullable TraceCarrier carrier, long ts) {
    return joinRequest(rid, carrier, ts, "");
  }

  /** Joins a request for the given module, see {@link TraceReqStart#module}. */
  public abstract TraceReqContext joinRequest(
      @Nullable String rid, @Nullable TraceCarrier carrier, long ts, @Nullable String module);

  /**
   * Returns the caller's context from the headers of a request, those that the configuration names
   * ({@code traceparent} and {@code tracestate}, {@code baggage}); a root without any. For {@link
   * TraceReqStart#withParent}.
   */
  public <C> Context extract(C headers, TextMapGetter<C> getter) {
    try {
      return propagator.extract(Context.root(), headers, getter);
    } catch (RuntimeException theirs) {
      unreadable("the headers of a request");
      return Context.root();
    }
  }

  /**
   * Writes what the next server needs into the headers of a call, by the names that {@link
   * #extract} reads. Inside a slice that is {@code slice.context()}; where tracing is off, what
   * came in goes on.
   */
  public <C> void inject(Context context, C headers, TextMapSetter<C> setter) {
    try {
      propagator.inject(context, headers, setter);
    } catch (RuntimeException theirs) {
      unreadable("the headers of a call");
    }
  }

  /** Something that was handed in threw when it was read or written. */
  abstract void unreadable(String what);

  /** Returns the level of requests that start now, 0 to 3. */
  public abstract int level();

  /** Sets the level of requests that start from now on; cut to 0 to 3. */
  public abstract void level(int level);

  /** Sets the level of requests that start from now on. */
  public void level(TraceLevel level) {
    level(TraceLevel.numberOf(level));
  }

  /** Returns the modules whose requests are traced; empty for all. */
  public abstract Set<String> modules();

  /** Sets the modules whose requests are traced from now on; empty for all. */
  public abstract void modules(@Nullable Set<String> modules);

  /**
   * Returns the share of new traces that is recorded; NaN where a sampler of another kind decides.
   */
  public abstract double sampleRatio();

  /** Sets the share of new traces that is recorded, parent-based; cut to 0 to 1. */
  public abstract void sampleRatio(double ratio);

  /** Returns an empty collector of the attributes that say what a request asks of a model. */
  public abstract GenAiAttributes genAi();

  /** Returns the counts of spans and faults. */
  public abstract TracingMetrics metrics();

  /** Returns a line for each request that is open here: its id, and what is open in it. */
  public abstract List<String> openRequests();

  /** Waits until all that was made before is delivered or dropped; false if it took too long. */
  public abstract boolean flush(@Nullable Duration timeout);

  /**
   * Tells what another process of this host could not tell any more because it was killed: every
   * lane and slice that others refer to and that was not delivered, marked as truncated. So no span
   * that it did deliver is left without its parent.
   *
   * @param journal the file that the process was started with; deleted when it has been read
   * @param reason how the process ended, in words
   * @return how many spans that were; 0 if the process still lives, or has ended cleanly
   */
  public abstract int recover(Path journal, String reason);

  /**
   * Ends all open requests as truncated, delivers what there is, and stops: from then on this does
   * what tracing that is off does. Happens by itself when the process is told to end, unless the
   * configuration says that the application sees to it.
   */
  @Override
  public abstract void close();
}
