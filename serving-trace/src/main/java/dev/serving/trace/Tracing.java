package dev.serving.trace;

import dev.serving.trace.config.TracingConfigException;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * Tracing in this process: the clock, the threads' labels, and the start of every request.
 *
 * <p>Either records or does nothing, chosen once, where it is made. All methods may be called from
 * any thread, and none but {@code start} throws. Times are nanoseconds since the epoch, 0 for now.
 *
 * <pre>{@code
 * tracing.threadInfo("scheduler", null, null);
 * TraceReqContext request = tracing.startRequest(TraceReqStart.of(rid).withRole("Serving"));
 * try (TraceThreadContext lane = request.lane(0);
 *     TraceSlice slice = lane.slice(TraceSpanName.SCHEDULE)) {
 *   slice.set("queue_length", queue.size());
 * }
 * request.finish(0, null);
 * }</pre>
 */
public abstract sealed class Tracing implements AutoCloseable permits RealTracing, NoopTracing {
  Tracing() {}

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

  /**
   * Starts tracing in a process that somebody watches over. What the process would leave untold if
   * it were killed is noted in a file, for {@link #recover}; a clean end deletes it.
   *
   * @param journal a file that does not exist yet, best in memory ({@code /dev/shm}); null for none
   * @return tracing that does nothing if the configuration turns it off
   * @throws TracingConfigException if the configuration names files that cannot be used, or
   *     OpenTelemetry is too old
   */
  public static Tracing start(TracingConfig config, Path journal) {
    OpenTelemetryVersion.check(config);
    System.getLogger("dev.serving.trace").log(System.Logger.Level.INFO, config.summary());
    return config.active() ? RealTracing.start(config, journal, TraceClock.start()) : noop();
  }

  /**
   * Starts tracing; spans go to the given exporter, which is shut down with it.
   *
   * @return tracing that does nothing if the configuration turns it off
   */
  public static Tracing start(TracingConfig config, SpanExporter exporter) {
    OpenTelemetryVersion.check(config);
    return config.enabled() ? RealTracing.start(config, exporter, TraceClock.start()) : noop();
  }

  /** Returns tracing that does nothing, at no cost. */
  public static Tracing noop() {
    return NoopTracing.INSTANCE;
  }

  /** Returns whether anything is ever recorded. */
  public abstract boolean enabled();

  /** Returns nanoseconds since the epoch, never going back; 0 where tracing is off. */
  public abstract long now();

  /**
   * Names the calling thread's lanes. The first call of a thread counts.
   *
   * @param label what the thread does; the name of its lanes
   * @param tpRank its tensor-parallel rank, or null
   * @param dpRank its data-parallel rank, or null
   */
  public abstract void threadInfo(String label, Integer tpRank, Integer dpRank);

  /** Starts a request; the returned handle owns the root span unless that is inherited. */
  public abstract TraceReqContext startRequest(TraceReqStart start);

  /** Starts a request of kind SERVER named after the role; null parent is none. */
  public TraceReqContext startRequest(String rid, Context parent, long ts, String role) {
    return startRequest(TraceReqStart.of(rid).withParent(parent).withTs(ts).withRole(role));
  }

  /**
   * Joins a request that another process, or another part of this one, started. Each call returns a
   * handle of its own; the calling thread's lane, once opened, links to the carrier's previous
   * span. A carrier that is none gives a handle that does nothing.
   */
  public TraceReqContext joinRequest(String rid, TraceCarrier carrier, long ts) {
    return joinRequest(rid, carrier, ts, "");
  }

  /** Joins a request for the given module, see {@link TraceReqStart#module}. */
  public abstract TraceReqContext joinRequest(
      String rid, TraceCarrier carrier, long ts, String module);

  /**
   * Returns the caller's context from the headers of a request, those that the configuration names
   * ({@code traceparent} and {@code tracestate}, {@code baggage}); a root without any. For {@link
   * TraceReqStart#withParent}.
   */
  public abstract <C> Context extract(C headers, TextMapGetter<C> getter);

  /** Returns the level of requests that start now, 0 to 3. */
  public abstract int level();

  /** Sets the level of requests that start from now on; cut to 0 to 3. */
  public abstract void level(int level);

  /** Returns the modules whose requests are traced; empty for all. */
  public abstract Set<String> modules();

  /** Sets the modules whose requests are traced from now on; empty for all. */
  public abstract void modules(Set<String> modules);

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

  /** Waits until all that was made before is delivered or dropped; false if it took too long. */
  public abstract boolean flush(Duration timeout);

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

  /** Ends all open requests as truncated, delivers what there is, and stops. */
  @Override
  public abstract void close();
}
