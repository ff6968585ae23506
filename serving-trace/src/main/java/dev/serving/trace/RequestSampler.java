package dev.serving.trace;

import dev.serving.trace.config.SamplingConfig;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/** Decides which requests are recorded, and gives each its ids. The share can be changed. */
final class RequestSampler {
  private static final byte SAMPLED = 1;
  private static final byte RANDOM = 2;
  private static final SamplingResult FORCED = SamplingResult.recordAndSample();

  /** Whether new trace ids are random enough to say so in their flags. */
  private final boolean randomIds;

  private final boolean forcing;
  private volatile Sampler sampler;
  private volatile double ratio;

  RequestSampler(TracingConfig config) {
    SamplingConfig sampling = config.sampling();
    Sampler own =
        switch (sampling.kind()) {
          case ALWAYS_ON -> Sampler.alwaysOn();
          case ALWAYS_OFF -> Sampler.alwaysOff();
          case TRACE_ID_RATIO -> Sampler.traceIdRatioBased(sampling.ratio());
        };
    this.sampler = sampling.parentBased() ? Sampler.parentBased(own) : own;
    this.ratio = sampling.ratio();
    this.randomIds = OpenTelemetryVersion.randomIds(config.ids());
    this.forcing = config.forcing();
  }

  double ratio() {
    return ratio;
  }

  void ratio(double share) {
    double cut = share >= 0 ? Math.min(1, share) : 0;
    sampler = Sampler.parentBased(Sampler.traceIdRatioBased(cut));
    ratio = cut;
  }

  /**
   * What was decided.
   *
   * @param own the root's ids and flags, also if it is not recorded
   * @param attributes what the sampler wants the root to say
   */
  record Verdict(boolean recorded, SpanContext own, Attributes attributes) {}

  Verdict decide(TraceReqStart start, Parent under, TraceIds ids) {
    SpanContext parent = under.context();
    boolean fresh = !parent.isValid();
    String traceId = fresh ? ids.traceId() : parent.getTraceId();
    boolean sure = start.decided() || (start.forced() && forcing);
    SamplingResult result = sure ? FORCED : ask(start, under, traceId);
    boolean sampled = result.getDecision() == SamplingDecision.RECORD_AND_SAMPLE;
    byte random =
        fresh ? (randomIds ? RANDOM : 0) : (byte) (parent.getTraceFlags().asByte() & RANDOM);
    TraceFlags flags = TraceFlags.fromByte((byte) (random | (sampled ? SAMPLED : 0)));
    TraceState state = result.getUpdatedTraceState(parent.getTraceState());
    String spanId = SpanId.fromLong(ids.spanId());
    return new Verdict(
        sampled, SpanContext.create(traceId, spanId, flags, state), result.getAttributes());
  }

  /** Returns the same verdict for a span below the one that it was on. */
  static Verdict below(Verdict verdict, TraceIds ids) {
    SpanContext above = verdict.own();
    SpanContext own =
        SpanContext.create(
            above.getTraceId(),
            SpanId.fromLong(ids.spanId()),
            above.getTraceFlags(),
            above.getTraceState());
    return new Verdict(verdict.recorded(), own, Attributes.empty());
  }

  private SamplingResult ask(TraceReqStart start, Parent under, String traceId) {
    try {
      return sampler.shouldSample(
          under.asked(), traceId, start.name(), start.kind(), start.attributes(), List.of());
    } catch (RuntimeException foreign) {
      return SamplingResult.drop();
    }
  }
}
