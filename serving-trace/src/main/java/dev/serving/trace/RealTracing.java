package dev.serving.trace;

import dev.serving.trace.config.AttributeRules;
import dev.serving.trace.export.ExportPipeline;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
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
import java.util.HashSet;
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

  private static final AttributeKey<String> RID = AttributeKey.stringKey("rid");

  private final Resource resource;
  private final SpanLimits limits;
  private final TraceClock clock;
  private final ExportPipeline pipeline;
  private final TracingMetrics metrics;
  private final RequestSampler sampler;
  private final SpanJournal journal;
  private final OpenRequests open;
  private final boolean oldNames;
  private final ContentFilter content;

  private final ThreadLabels threads;

  private final boolean carriesBaggage;
  private final AttributeRules rules;
  private final boolean ruled;

  private volatile int level;
  private volatile Set<String> modules;
  private volatile Consumer<RealReqContext> whenOver = request -> {};
  private volatile boolean closed;
  private final Object closing = new Object();
  private @Nullable Thread hook;

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
    this.level = config.level();
    this.modules = config.modules();
    this.sampler = new RequestSampler(config);
    this.carriesBaggage = config.propagators().contains(W3c.BAGGAGE);
    this.oldNames = config.semconv().contains(GenAiAttributes.OLD_NAMES_TOO);
    this.content =
        new ContentFilter(
            config.content(), () -> unreadable("a text, for its redaction threw: it"));
    this.open = new OpenRequests(config.abandonAfter(), this);
    String host = resource.getAttribute(AttributeKey.stringKey("host.id"));
    this.threads = new ThreadLabels(host == null ? "unknown" : host, config.ids());
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
    return start(start, Parent.of(start.parent()), null);
  }

  /**
   * Starts a request.
   *
   * @param room the bootstrap room that it is the first to name, whose span is made above the root;
   *     null for none
   */
  TraceReqContext start(TraceReqStart start, Parent parent, @Nullable TraceReqStart room) {
    try {
      return decide(start, parent, room);
    } catch (RuntimeException theirs) { // of a context, attributes or a source of ids
      unreadable("what " + Culprit.request(start.rid()) + " was started with");
      return NoopReqContext.of(start.rid(), null, TraceCarrier.none());
    }
  }

  private TraceReqContext decide(TraceReqStart start, Parent parent, @Nullable TraceReqStart room) {
    clock.follow();
    if (closed || leftOut(start.module())) {
      return unrecorded(start, parent, parent.context());
    }
    if (start.inherit() && parent.span().isRecording()) {
      return inherit(start, parent);
    }
    RequestSampler.Verdict verdict =
        sampler.decide(room == null ? start : room, parent, threads.ids());
    if (!verdict.recorded()) {
      return unrecorded(start, parent, verdict.own());
    }
    long ts = time(start.ts(), start.rid());
    if (room == null) {
      return begin(start, parent, verdict, ts, null);
    }
    RootSpan above = new RootSpan(this, room, ts, parent.context(), verdict.own());
    above.setAllAttributes(room.attributes());
    return begin(
        start, parent.with(above), RequestSampler.below(verdict, threads.ids()), ts, above);
  }

  private TraceReqContext begin(
      TraceReqStart start,
      Parent parent,
      RequestSampler.Verdict verdict,
      long ts,
      @Nullable RootSpan room) {
    RootSpan root = new RootSpan(this, start, ts, parent.context(), verdict.own());
    root.handOn(Root.streamOf(parent.span()));
    if (!start.rid().isEmpty()) {
      root.setAttribute(RID, start.rid());
    }
    root.setAllAttributes(start.attributes());
    root.setAllAttributes(verdict.attributes());
    Context context = CurrentSpan.in(parent.around(), root);
    return begin(start.rid(), ts, context, new Root.Own(root, room));
  }

  private RealReqContext inherit(TraceReqStart start, Parent parent) {
    parent.span().setAttribute(RID, start.rid());
    parent.span().setAllAttributes(start.attributes());
    long ts = time(start.ts(), start.rid());
    return begin(start.rid(), ts, parent.around(), new Root.Inherited(parent.span()));
  }

  private RealReqContext begin(String rid, long ts, Context context, Root root) {
    RealReqContext request =
        new RealReqContext(this, rid, level, ts, context, root, baggage(context));
    opened(request);
    return request;
  }

  private String baggage(Context context) {
    return carriesBaggage ? W3c.baggage(context) : "";
  }

  /** A request that is not recorded here hands on what the caller, or the sampler, decided. */
  private static TraceReqContext unrecorded(TraceReqStart start, Parent parent, SpanContext own) {
    if (!own.isValid()) {
      return NoopReqContext.started(start);
    }
    Context context = parent.around().with(Span.wrap(own));
    return NoopReqContext.of(start.rid(), context, TraceCarrier.passedOn(context));
  }

  /** Returns the given time, or now if it is 0 or no time at all. */
  private long time(long ts, String rid) {
    return TraceClock.plausible(ts) ? ts : nowInstead(ts, rid, clockAnchor());
  }

  /** Returns the time from an anchor; counts what was given if that was not 0. */
  long nowInstead(long ts, String rid, long anchor) {
    if (ts != 0) {
      fault(TraceFault.IMPLAUSIBLE_TIME, () -> "the time " + ts + " of " + Culprit.request(rid));
    }
    return now(anchor);
  }

  private boolean leftOut(String module) {
    Set<String> only = modules;
    boolean filtered = !module.isEmpty() && !only.isEmpty() && !only.contains(module);
    return level == 0 || filtered;
  }

  @Override
  public TraceReqContext joinRequest(
      @Nullable String rid, @Nullable TraceCarrier carrier, long ts, @Nullable String module) {
    String id = rid == null ? "" : rid;
    if (closed || !usable(carrier, id)) {
      return NoopReqContext.joined(id, carrier);
    }
    clock.follow();
    int told = carrier.level() == TraceCarrier.UNKNOWN_LEVEL ? level : carrier.level();
    if (!carrier.root().isSampled() || told == 0 || leftOut(module == null ? "" : module)) {
      return NoopReqContext.joined(id, carrier);
    }
    Context context = carrier.in(Context.current());
    Root root = new Root.Remote(carrier);
    return new RealReqContext(this, id, told, time(ts, id), context, root, carrier.baggage());
  }

  @Override
  public <C> Context extract(C headers, TextMapGetter<C> getter) {
    clock.follow();
    return super.extract(headers, getter);
  }

  @Override
  public int level() {
    return level;
  }

  @Override
  public void level(int newLevel) {
    level = Math.max(0, Math.min(TraceLevel.DETAILS.number(), newLevel));
  }

  @Override
  public Set<String> modules() {
    return modules;
  }

  @Override
  public void modules(@Nullable Set<String> newModules) {
    Set<String> kept = new HashSet<>(newModules == null ? Set.of() : newModules);
    kept.remove(null);
    modules = Set.copyOf(kept);
  }

  @Override
  public double sampleRatio() {
    return sampler.ratio();
  }

  @Override
  public void sampleRatio(double ratio) {
    sampler.ratio(ratio);
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
        unhook();
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
      hook();
    }
  }

  /** Closes this when the process is told to end. */
  private void hook() {
    hook = new Thread(this::close, "serving-trace-shutdown");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException endsAlready) {
      hook = null;
    }
  }

  private void unhook() {
    try {
      if (hook != null && hook != Thread.currentThread()) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    } catch (IllegalStateException endsAlready) {
      // and who else closes this has come before the hook
    }
  }
}
