package dev.serving.trace;

import dev.serving.trace.config.TracingConfigException;
import dev.serving.trace.export.ExportPipeline;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** Tracing that is on: what all requests of the process share. */
final class RealTracing extends Tracing {
  static final InstrumentationScopeInfo SCOPE = TraceResource.scope();

  @SuppressWarnings("deprecation")
  static final io.opentelemetry.sdk.common.InstrumentationLibraryInfo LIBRARY =
      io.opentelemetry.sdk.common.InstrumentationLibraryInfo.create("dev.serving.trace", null);

  private static final AttributeKey<String> RID = AttributeKey.stringKey("rid");

  private final Resource resource;
  private final SpanLimits limits;
  private final LongSupplier clock;
  private final ExportPipeline pipeline;
  private final TracingMetrics metrics;
  private final RequestSampler sampler;
  private final TextMapPropagator propagator;
  private final SpanJournal journal;
  private final OpenRequests open;
  private final boolean oldNames;
  private final ContentFilter content;

  private final ThreadLabels threads;

  private volatile int level;
  private volatile Set<String> modules;

  RealTracing(
      TracingConfig config,
      Resource resource,
      ExportPipeline pipeline,
      TracingMetrics metrics,
      SpanJournal journal,
      LongSupplier clock) {
    this.resource = resource;
    this.limits = config.limits();
    this.journal = journal;
    this.clock = journal == SpanJournal.NONE ? clock : () -> journal.alive(clock.getAsLong());
    this.pipeline = pipeline;
    this.metrics = metrics;
    this.level = config.level();
    this.modules = config.modules();
    this.sampler = new RequestSampler(config);
    this.propagator = W3c.propagator(config.propagators());
    this.oldNames = config.semconv().contains(GenAiAttributes.OLD_NAMES_TOO);
    this.content =
        new ContentFilter(
            config.content(), () -> fault(TraceFault.INTERNAL, "the redaction of a text failed"));
    this.open = new OpenRequests(config.abandonAfter(), this);
    String host = resource.getAttribute(AttributeKey.stringKey("host.id"));
    this.threads = new ThreadLabels(host == null ? "unknown" : host, config.ids());
  }

  static RealTracing start(TracingConfig config, SpanExporter exporter, LongSupplier clock) {
    TracingMetrics metrics = new TracingMetrics();
    return start(config, pipeline(exporter, config, metrics), metrics, null, clock);
  }

  static RealTracing start(TracingConfig config, Path journal, LongSupplier clock) {
    TracingMetrics metrics = new TracingMetrics();
    return start(config, pipeline(config, metrics), metrics, journal, clock);
  }

  static ExportPipeline pipeline(
      SpanExporter exporter, TracingConfig config, TracingMetrics metrics) {
    return new ExportPipeline(
        exporter, config.batch(), config.otlp().timeout(), metrics.listener());
  }

  static ExportPipeline pipeline(TracingConfig config, TracingMetrics metrics) {
    return switch (config.exporter()) {
      case CONSOLE -> ExportPipeline.toConsole(config.batch(), metrics.listener());
      case NONE -> throw new TracingConfigException("there is no exporter to start");
      case OTLP -> ExportPipeline.overOtlp(config.otlp(), config.batch(), metrics.listener());
    };
  }

  private static RealTracing start(
      TracingConfig config,
      ExportPipeline pipeline,
      TracingMetrics metrics,
      Path file,
      LongSupplier clock) {
    Resource resource = TraceResource.of(config.service());
    SpanJournal journal = journal(file, resource, metrics);
    RealTracing tracing = new RealTracing(config, resource, pipeline, metrics, journal, clock);
    tracing.open.start();
    return tracing;
  }

  private static SpanJournal journal(Path file, Resource resource, TracingMetrics metrics) {
    try {
      return file == null
          ? SpanJournal.NONE
          : FileJournal.create(file, resource, () -> noRoom(metrics));
    } catch (IOException e) {
      metrics.faultLog().report(TraceFault.JOURNAL, e::toString);
      return SpanJournal.NONE;
    }
  }

  private static void noRoom(TracingMetrics metrics) {
    metrics
        .faultLog()
        .report(TraceFault.NO_ROOM, () -> "a span could not be noted for the case of a kill");
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

  OpenRequests openRequests() {
    return open;
  }

  void export(SpanData span) {
    pipeline.accept(span);
  }

  void fault(TraceFault fault) {
    fault(fault, "ignored");
  }

  void fault(TraceFault fault, String detail) {
    metrics.faultLog().report(fault, () -> detail);
  }

  void opened(RealReqContext request) {
    open.add(request);
  }

  void closed(RealReqContext request) {
    open.remove(request);
  }

  /** Returns the given time, or now if it is 0 or no time at all. */
  long time(long ts) {
    if (TraceClock.plausible(ts)) {
      return ts;
    }
    if (ts != 0) {
      fault(TraceFault.IMPLAUSIBLE_TIME);
    }
    return now();
  }

  /** Returns whether there is something in a carrier; counts it if it could not be read. */
  boolean usable(TraceCarrier carrier) {
    if (carrier == null || carrier.isNone()) {
      if (carrier != null && carrier.isUnusable()) {
        fault(TraceFault.UNUSABLE_CARRIER);
      }
      return false;
    }
    return true;
  }

  /** Returns the calling thread's description; a thread that gave none becomes unknown. */
  ThreadInfo thread() {
    ThreadInfo info = threads.get();
    if (info != null) {
      return info;
    }
    fault(TraceFault.UNKNOWN_THREAD);
    return threads.set(ThreadInfo.UNKNOWN, null, null);
  }

  @Override
  public void threadInfo(String label, Integer tpRank, Integer dpRank) {
    threads.set(label, tpRank, dpRank);
  }

  @Override
  public boolean enabled() {
    return true;
  }

  @Override
  public long now() {
    return clock.getAsLong();
  }

  @Override
  public TraceReqContext startRequest(TraceReqStart given) {
    TraceReqStart start = given == null ? TraceReqStart.of("") : given;
    Span around = Span.fromContext(start.parent());
    SpanContext parent = around.getSpanContext();
    if (leftOut(start.module())) {
      return NoopReqContext.of(start.rid(), start.parent(), passOn(parent));
    }
    if (start.inherit() && around.isRecording()) {
      return inherit(start, around);
    }
    RequestSampler.Verdict verdict = sampler.decide(start, parent, threads.ids());
    Context context = start.parent();
    if (!verdict.recorded()) {
      return NoopReqContext.of(
          start.rid(), context.with(Span.wrap(verdict.own())), passOn(verdict.own()));
    }
    long ts = time(start.ts());
    RootSpan root = new RootSpan(this, start, ts, parent, verdict.own());
    if (!start.rid().isEmpty()) {
      root.setAttribute(RID, start.rid());
    }
    root.setAllAttributes(start.attributes());
    root.setAllAttributes(verdict.attributes());
    return begin(start.rid(), ts, context.with(root));
  }

  private RealReqContext inherit(TraceReqStart start, Span around) {
    around.setAttribute(RID, start.rid());
    around.setAllAttributes(start.attributes());
    return begin(start.rid(), time(start.ts()), start.parent());
  }

  private RealReqContext begin(String rid, long ts, Context context) {
    RealReqContext request =
        new RealReqContext(this, rid, level, ts, context, TraceCarrier.none(), null);
    opened(request);
    return request;
  }

  /** What a request that is not recorded here hands on of the caller's. */
  private static TraceCarrier passOn(SpanContext span) {
    return TraceCarrier.of(span, SpanContext.getInvalid(), TraceCarrier.UNKNOWN_LEVEL, 0);
  }

  private boolean leftOut(String module) {
    Set<String> only = modules;
    boolean filtered = !module.isEmpty() && !only.isEmpty() && !only.contains(module);
    return level == 0 || filtered;
  }

  @Override
  public TraceReqContext joinRequest(String rid, TraceCarrier carrier, long ts, String module) {
    String id = rid == null ? "" : rid;
    if (!usable(carrier)) {
      return NoopReqContext.of(id, Context.root(), TraceCarrier.none());
    }
    Context context = Context.root().with(Span.wrap(carrier.root()));
    int told = carrier.level() == TraceCarrier.UNKNOWN_LEVEL ? level : carrier.level();
    if (!carrier.root().isSampled() || told == 0 || leftOut(module == null ? "" : module)) {
      return NoopReqContext.of(id, context, carrier);
    }
    return new RealReqContext(this, id, told, time(ts), context, carrier, null);
  }

  @Override
  public <C> Context extract(C headers, TextMapGetter<C> getter) {
    try {
      return propagator.extract(Context.root(), headers, getter);
    } catch (RuntimeException theirs) {
      fault(TraceFault.UNUSABLE_CARRIER, "the headers of a request could not be read");
      return Context.root();
    }
  }

  @Override
  public int level() {
    return level;
  }

  @Override
  public void level(int newLevel) {
    level = Math.max(0, Math.min(3, newLevel));
  }

  @Override
  public Set<String> modules() {
    return modules;
  }

  @Override
  public void modules(Set<String> newModules) {
    modules = newModules == null ? Set.of() : Set.copyOf(newModules);
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
  public boolean flush(Duration timeout) {
    return pipeline.flush(timeout == null ? Duration.ZERO : timeout);
  }

  @Override
  public synchronized int recover(Path file, String reason) {
    try {
      List<RecoveredSpan> spans = JournalReader.take(file, resource, reason);
      spans.forEach(this::export);
      return spans.size();
    } catch (IOException | RuntimeException e) {
      fault(TraceFault.JOURNAL, e.toString());
      return 0;
    }
  }

  @Override
  public void close() {
    open.close(journal.lastAlive());
    pipeline.close();
    journal.close();
  }
}
