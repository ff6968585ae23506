package dev.serving.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which requests are recorded, and how each begins: with a root of its own, with one that it
 * inherits, as a copy of one elsewhere, or as one that only hands on what came in.
 */
final class Requests {
  private static final AttributeKey<String> RID = AttributeKey.stringKey("rid");

  private final RealTracing tracing;
  private final TraceClock clock;
  private final ThreadLabels threads;
  private final RequestSampler sampler;
  private final boolean carriesBaggage;
  private volatile int level;
  private volatile Set<String> modules;

  Requests(RealTracing tracing, TracingConfig config, TraceClock clock, ThreadLabels threads) {
    this.tracing = tracing;
    this.clock = clock;
    this.threads = threads;
    this.sampler = new RequestSampler(config);
    this.carriesBaggage = config.propagators().contains(W3c.BAGGAGE);
    this.level = config.level();
    this.modules = config.modules();
  }

  int level() {
    return level;
  }

  void level(int newLevel) {
    level = Math.max(0, Math.min(TraceLevel.DETAILS.number(), newLevel));
  }

  Set<String> modules() {
    return modules;
  }

  void modules(@Nullable Set<String> newModules) {
    Set<String> kept = new HashSet<>(newModules == null ? Set.of() : newModules);
    kept.remove(null);
    modules = Set.copyOf(kept);
  }

  RequestSampler sampler() {
    return sampler;
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
      tracing.unreadable("what " + Culprit.request(start.rid()) + " was started with");
      return NoopReqContext.of(start.rid(), null, TraceCarrier.none());
    }
  }

  private TraceReqContext decide(TraceReqStart start, Parent parent, @Nullable TraceReqStart room) {
    clock.follow();
    if (!tracing.enabled() || leftOut(start.module())) {
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
    RootSpan above = new RootSpan(tracing, room, ts, parent.context(), verdict.own());
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
    RootSpan root = new RootSpan(tracing, start, ts, parent.context(), verdict.own());
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
    String baggage = carriesBaggage ? W3c.baggage(context) : "";
    RealReqContext request = new RealReqContext(tracing, rid, level, ts, context, root, baggage);
    tracing.opened(request);
    return request;
  }

  /** A request that is not recorded here hands on what the caller, or the sampler, decided. */
  private static TraceReqContext unrecorded(TraceReqStart start, Parent parent, SpanContext own) {
    if (!own.isValid()) {
      return NoopReqContext.started(start);
    }
    Context context = parent.around().with(Span.wrap(own));
    return NoopReqContext.of(start.rid(), context, TraceCarrier.passedOn(context));
  }

  TraceReqContext join(String rid, @Nullable TraceCarrier carrier, long ts, String module) {
    if (!tracing.enabled() || !tracing.usable(carrier, rid)) {
      return NoopReqContext.joined(rid, carrier);
    }
    clock.follow();
    int told = carrier.level() == TraceCarrier.UNKNOWN_LEVEL ? level : carrier.level();
    if (!carrier.root().isSampled() || told == 0 || leftOut(module)) {
      return NoopReqContext.joined(rid, carrier);
    }
    Context context = carrier.in(Context.current());
    Root root = new Root.Remote(carrier.root(), tracing.previous(carrier, rid));
    return new RealReqContext(tracing, rid, told, time(ts, rid), context, root, carrier.baggage());
  }

  /** Returns the given time, or now if it is 0 or no time at all. */
  private long time(long ts, String rid) {
    return TraceClock.plausible(ts) ? ts : tracing.nowInstead(ts, rid, clock.anchor());
  }

  private boolean leftOut(String module) {
    Set<String> only = modules;
    boolean filtered = !module.isEmpty() && !only.isEmpty() && !only.contains(module);
    return level == 0 || filtered;
  }
}
