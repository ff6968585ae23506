package dev.serving.trace;

import dev.serving.trace.config.AttributeRules;
import dev.serving.trace.export.ExportPipeline;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tracing that is on: what all requests of the process share. */
final class RealTracing extends Tracing {
  static final InstrumentationScopeInfo SCOPE = TraceResource.scope();

  @SuppressWarnings("deprecation")
  static final io.opentelemetry.sdk.common.InstrumentationLibraryInfo LIBRARY =
      io.opentelemetry.sdk.common.InstrumentationLibraryInfo.create("dev.serving.trace", null);

  /** A longer wait cannot be told in nanoseconds. */
  private static final Duration FOREVER = Duration.ofDays(10_000);

  private final Resource resource;
  private final SpanLimits limits;
  private final TraceClock clock;
  private final ExportPipeline pipeline;
  private final TracingMetrics metrics;
  private final Requests requests;
  private final SpanJournal journal;
  private final OpenRequests open;
  private final boolean oldNames;
  private final ContentFilter content;

  private final ThreadLabels threads;
  private final AttributeRules rules;
  private final boolean ruled;

  private volatile Consumer<RealReqContext> whenOver = request -> {};
  private volatile boolean closed;
  private final Object closing = new Object();
  private @Nullable ExitHook hook;

  RealTracing(
      TracingConfig config,
      Resource resource,
      ExportPipeline pipeline,
      TracingMetrics metrics,
      SpanJournal journal,
      TraceClock clock) {
    super(W3c.propagator(config.propagators()));
    this.resource = resource;
    this.limits = config.limits();
    this.journal = journal;
    this.clock = clock;
    this.rules = config.attributeRules();
    this.ruled = !rules.isEmpty();
    this.pipeline = pipeline;
    this.metrics = metrics;
    this.oldNames = config.semconv().contains(GenAiAttributes.OLD_NAMES_TOO);
    this.content =
        new ContentFilter(
            config.content(), () -> unreadable("a text, for its redaction threw: it"));
    this.open = new OpenRequests(config.abandonAfter(), this);
    String host = resource.getAttribute(AttributeKey.stringKey("host.id"));
    this.threads = new ThreadLabels(host == null ? "unknown" : host, config.ids(), config.limits());
    this.requests = new Requests(this, config, clock, threads);
  }

  Resource resource() {
    return resource;
  }

  SpanJournal journal() {
    return journal;
  }

  SpanLimits limits() {
    return limits;
  }

  @Override
  public List<String> openRequests() {
    return open.describe();
  }

  OpenRequests open() {
    return open;
  }

  Requests requests() {
    return requests;
  }

  void export(SpanData span) {
    pipeline.accept(ruled ? new RuledSpan(span, rules) : span);
  }

  /** Counts a call that made no sense, and says whose it was if a line is due. */
  void fault(TraceFault fault, Supplier<String> what) {
    metrics.faultLog().report(fault, () -> what.get() + " (" + Culprit.here() + ")");
  }

  @Override
  void unreadable(String what) {
    fault(TraceFault.UNREADABLE_VALUE, () -> what + " could not be read");
  }

  /** Sets who hears of requests that are over in this process. */
  void whenOver(Consumer<RealReqContext> listener) {
    whenOver = listener;
  }

  /** A request, or the last lane of a copy, has ended. */
  void over(RealReqContext request) {
    whenOver.accept(request);
  }

  void opened(RealReqContext request) {
    open.add(request);
    if (closed) {
      request.abort(now(), "shutdown");
    }
  }

  void closed(RealReqContext request) {
    open.remove(request);
  }

  /** Returns whether there is something in a carrier; counts it if it could not be read. */
  boolean usable(@Nullable TraceCarrier carrier, String rid) {
    if (carrier == null || carrier.isNone()) {
      if (carrier != null && carrier.isUnusable()) {
        fault(TraceFault.UNUSABLE_CARRIER, () -> "the carrier of " + Culprit.request(rid));
      }
      return false;
    }
    return true;
  }

  /** Returns what to link to; counts it if there was something that could not be read. */
  SpanContext previous(TraceCarrier carrier, String rid) {
    if (carrier.lostPrevious()) {
      String what = "the previous span in the carrier of ";
      fault(TraceFault.UNUSABLE_CARRIER, () -> what + Culprit.request(rid));
    }
    return carrier.previous();
  }

  /** Returns the calling thread's description; one that gave none is called after the thread. */
  ThreadInfo thread() {
    ThreadInfo info = threads.get();
    return info != null ? info : threads.assume(threads.kindOf(Thread.currentThread().getName()));
  }

  /** The functions' rule: a thread that has not registered is unknown, and counted. */
  void expectRegistered() {
    if (threads.get() == null) {
      fault(TraceFault.UNKNOWN_THREAD, () -> "a lane was opened");
      threads.assume(ThreadInfo.UNKNOWN);
    }
  }

  @Override
  public void threadInfo(
      @Nullable String label,
      @Nullable Integer tpRank,
      @Nullable Integer dpRank,
      @Nullable String laneName) {
    threads.set(label, tpRank, dpRank, laneName);
  }

  @Override
  public boolean enabled() {
    return !closed;
  }

  @Override
  public long now() {
    return journal.alive(clock.now());
  }

  @Override
  public long at(long nanoTime) {
    return clock.at(nanoTime);
  }

  /** Returns the time from the anchor that a request began with. */
  long now(long anchor) {
    return journal.alive(clock.now(anchor));
  }

  long clockAnchor() {
    return clock.anchor();
  }

  @Override
  public TraceReqContext startRequest(@Nullable TraceReqStart given) {
    TraceReqStart start = given == null ? TraceReqStart.of("") : given;
    if (closed) {
      return NoopReqContext.started(start);
    }
    return requests.start(start, Parent.of(start.parent()), null);
  }

  /** Returns the time from an anchor; counts what was given if that was not 0. */
  long nowInstead(long ts, String rid, long anchor) {
    if (ts != 0) {
      fault(TraceFault.IMPLAUSIBLE_TIME, () -> "the time " + ts + " of " + Culprit.request(rid));
    }
    return now(anchor);
  }

  @Override
  public TraceReqContext joinRequest(
      @Nullable String rid, @Nullable TraceCarrier carrier, long ts, @Nullable String module) {
    return requests.join(rid == null ? "" : rid, carrier, ts, module == null ? "" : module);
  }

  @Override
  public <C> Context extract(C headers, TextMapGetter<C> getter) {
    clock.follow();
    return super.extract(headers, getter);
  }

  @Override
  public int level() {
    return requests.level();
  }

  @Override
  public void level(int newLevel) {
    requests.level(newLevel);
  }

  @Override
  public Set<String> modules() {
    return requests.modules();
  }

  @Override
  public void modules(@Nullable Set<String> newModules) {
    requests.modules(newModules);
  }

  @Override
  public double sampleRatio() {
    return requests.sampler().ratio();
  }

  @Override
  public void sampleRatio(double ratio) {
    requests.sampler().ratio(ratio);
  }

  @Override
  public GenAiAttributes genAi() {
    return GenAiAttributes.collect(oldNames, content);
  }

  @Override
  public TracingMetrics metrics() {
    return metrics;
  }

  @Override
  public boolean flush(@Nullable Duration timeout) {
    Duration given = timeout == null ? Duration.ZERO : timeout;
    return pipeline.flush(given.compareTo(FOREVER) > 0 ? FOREVER : given);
  }

  @Override
  public synchronized int recover(Path file, String reason) {
    try {
      List<RecoveredSpan> spans = JournalReader.take(file, resource, reason);
      spans.forEach(this::export);
      return spans.size();
    } catch (IOException | RuntimeException e) {
      fault(TraceFault.JOURNAL, e::toString);
      return 0;
    }
  }

  @Override
  public void close() {
    synchronized (closing) { // so that who comes second does not go on before it is done
      if (!closed) {
        closed = true;
        if (hook != null) {
          hook.remove();
        }
        open.close(journal.lastAlive());
        pipeline.close();
        journal.close();
      }
    }
  }

  /** Begins to look after requests that nobody ends. */
  void begin(boolean closedAtExit) {
    open.start();
    if (closedAtExit) {
      hook = ExitHook.of(this::close);
    }
  }
}
