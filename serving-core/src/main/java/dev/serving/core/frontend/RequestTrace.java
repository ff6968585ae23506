package dev.serving.core.frontend;

import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.Endpoint;
import dev.serving.core.frontend.api.GenerateRequest;
import dev.serving.core.frontend.http.RequestHead;
import dev.serving.core.message.TraceNames;
import dev.serving.trace.TraceCarrier;
import dev.serving.trace.TraceInfo;
import dev.serving.trace.TraceLevel;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.TraceSlice;
import dev.serving.trace.TraceSpanName;
import dev.serving.trace.TraceThreadContext;
import dev.serving.trace.Tracing;
import io.netty.handler.codec.http.HttpHeaders;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Turns what happens to one request in the frontend into its root span and the slices PREPROCESSING
 * and POSTPROCESSING; the workers know no spans.
 *
 * <p>Each method says which thread calls it. Times given are of {@link System#nanoTime}.
 */
final class RequestTrace {
  private static final TextMapGetter<HttpHeaders> HEADERS = new Headers();
  private static final int MOST_CULPRITS = 5;

  private final Tracing tracing;
  private final TraceReqContext request;
  private final boolean capturesContent;
  private final Labels exemplar;
  private final long firstByteNanos;
  private final long startTs;
  private TraceThreadContext lane;
  private TraceSlice stage;

  private RequestTrace(
      Tracing tracing, TraceReqContext request, long firstByteNanos, long startTs) {
    this.tracing = tracing;
    this.firstByteNanos = firstByteNanos;
    this.startTs = startTs;
    this.request = request;
    this.capturesContent = request.recording() && tracing.genAi().capturesContent();
    this.exemplar =
        request
            .info()
            .filter(ids -> request.recording())
            .map(ids -> Labels.of("trace_id", ids.traceId(), "span_id", ids.spanId()))
            .orElse(Labels.EMPTY);
  }

  /** The request is there: begins the root at the time of its first byte. Event loop. */
  static RequestTrace start(
      Tracing tracing,
      Endpoint endpoint,
      RequestHead head,
      int bodyBytes,
      String rid,
      boolean force) {
    if (!tracing.enabled()) {
      return new RequestTrace(tracing, tracing.startRequest(TraceReqStart.of(rid)), 0, 0);
    }
    long startTs = tracing.at(head.firstByteNanos());
    TraceReqStart start =
        TraceReqStart.of(rid)
            .withSpanName(head.method() + " " + endpoint.path())
            .withParent(tracing.extract(head.headers(), HEADERS))
            .withTs(startTs)
            .withAttributes(HttpAttributes.of(head, endpoint.path(), bodyBytes))
            .withForced(force)
            .withModule("frontend");
    return new RequestTrace(tracing, tracing.startRequest(start), head.firstByteNanos(), startTs);
  }

  /** Whether anything is said on the root. Any thread. */
  boolean recording() {
    return request.recording();
  }

  /** The trace's id in hex, where there is a trace. Any thread. */
  Optional<String> traceId() {
    return request.info().map(TraceInfo::traceId);
  }

  /**
   * What metrics say of an example: the ids of a trace that is recorded, else nothing. Any thread.
   */
  Labels exemplar() {
    return exemplar;
  }

  /** The body is a valid request: PREPROCESSING begins. Preprocess thread. */
  void parsed(GenerateRequest parsed) {
    if (tracing.enabled()) {
      long now = tracing.now();
      request.set(GenAiFacts.of(tracing.genAi(), parsed).build());
      lane = request.lane(now);
      stage = lane.slice(TraceSpanName.PREPROCESSING, now);
    }
  }

  /** Whether the operator wants the text of prompts and answers in this trace. Any thread. */
  boolean capturesContent() {
    return capturesContent;
  }

  /**
   * Adds text, redacted and cut, if the operator wants it; else it is not even made. Any thread.
   */
  void content(AttributeKey<String> key, Supplier<String> text) {
    if (capturesContent()) {
      request.set(tracing.genAi().content(key, text.get()).build());
    }
  }

  /** Does a part of preprocessing under a name of its own. Preprocess thread. */
  <T> T detail(String name, Supplier<T> work) {
    if (lane == null) {
      return work.get();
    }
    return lane.call(name, TraceLevel.DETAILS, slice -> work.get());
  }

  /** What travels with the request to the engine. Preprocess thread. */
  TraceCarrier carrier() {
    return lane == null ? request.carrier() : lane.carrier();
  }

  /** Hands the request on; the hand-over is part of PREPROCESSING. Preprocess thread. */
  boolean dispatch(Supplier<Boolean> handOver) {
    if (lane == null) {
      return handOver.get();
    }
    return lane.call("dispatch", TraceLevel.HAND_OVERS, slice -> handOver.get());
  }

  /** PREPROCESSING is over. Preprocess thread. */
  void preprocessed(int promptTokens) {
    if (lane != null) {
      stage.set(TraceNames.PROMPT_TOKENS, (long) promptTokens);
      endPreprocessing();
    }
  }

  /** The request was refused; PREPROCESSING may not even have begun. Preprocess thread. */
  void refused(ApiError error) {
    if (lane != null) {
      if (error.serversFault()) {
        stage.error(error.name(), error.message());
      } else {
        stage.set(HttpAttributes.ERROR_TYPE, error.name());
      }
      endPreprocessing();
    }
  }

  private void endPreprocessing() {
    long now = tracing.now();
    stage.end(now);
    lane.finish(now);
  }

  /**
   * The trace of one choice.
   *
   * @param rid the choice's id; the request's own for the only one
   */
  ChoiceTrace choice(String rid) {
    boolean only = rid.equals(request.rid());
    return new ChoiceTrace(tracing, only ? request : request.child(rid));
  }

  /** What came of a request that was understood. Postprocess thread. */
  void answered(Outcome outcome, GenerateRequest asked) {
    if (tracing.enabled()) {
      request.set(GenAiFacts.of(tracing.genAi(), outcome, asked, request.rid()).build());
    }
  }

  /** Why it took as long as it did: on the root, and links to who held it up. Any thread. */
  void accounted(Settled settled) {
    if (request.recording()) {
      BlameReport report = settled.report();
      request.set(BlameAttributes.of(report));
      if (request.records(TraceLevel.DETAILS)) {
        request.set(PathAttributes.of(settled.path(), settled.account().basis()));
      }
      report.total().culprits().stream()
          .filter(who -> !who.carrier().isNone())
          .limit(MOST_CULPRITS)
          .forEach(who -> request.link(who.carrier(), BlameAttributes.of(who)));
    }
  }

  /** What leads to the request's root. Preprocess thread. */
  TraceCarrier rootCarrier() {
    return request.recording() ? carrier() : TraceCarrier.none();
  }

  /**
   * All is over: ends the root, which is as long as its causes are in sum. Postprocess thread.
   *
   * @param endedNanos when it was, by {@link System#nanoTime}
   */
  void end(
      Outcome outcome, String cutShort, ApiError failure, long responseBytes, long endedNanos) {
    if (!tracing.enabled()) {
      return;
    }
    request.set(httpAttributes(outcome, responseBytes));
    if (failure != null && failure.serversFault()) {
      request.error(failure.name(), failure.message());
    }
    long end = startTs + (endedNanos - firstByteNanos);
    if (cutShort != null) {
      request.abort(end, cutShort);
    } else {
      request.finish(end, null);
    }
  }

  private Attributes httpAttributes(Outcome outcome, long responseBytes) {
    return Attributes.builder()
        .put(HttpAttributes.STATUS, outcome.status() == 0 ? null : Long.valueOf(outcome.status()))
        .put(HttpAttributes.RESPONSE_SIZE, Long.valueOf(responseBytes))
        .put(HttpAttributes.ERROR_TYPE, outcome.errorType())
        .build();
  }

  private static final class Headers implements TextMapGetter<HttpHeaders> {
    @Override
    public Iterable<String> keys(HttpHeaders headers) {
      return headers.names();
    }

    /**
     * One value of a header. W3C: the parts of {@code tracestate} (and of {@code baggage}) may come
     * in several headers, in order; a {@code traceparent} that comes twice counts as none.
     */
    @Override
    public String get(HttpHeaders headers, String name) {
      List<String> values = headers == null ? List.of() : headers.getAll(name);
      boolean ambiguous = values.size() > 1 && name.equalsIgnoreCase("traceparent");
      return values.isEmpty() || ambiguous ? null : String.join(",", values);
    }
  }
}
