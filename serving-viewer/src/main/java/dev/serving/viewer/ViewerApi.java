package dev.serving.viewer;

import dev.serving.viewer.chart.LaneChart;
import dev.serving.viewer.store.Operations;
import dev.serving.viewer.store.StoreCounts;
import dev.serving.viewer.store.StoredTrace;
import dev.serving.viewer.store.TraceStore;
import dev.serving.viewer.store.TraceSummary;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the page asks: the list, one trace laid out in lanes, and how the viewer is doing. */
final class ViewerApi {
  private static final int DEFAULT_LIMIT = 200;
  private static final String GONE = "this trace is not here: never received, or evicted";

  private final TraceStore store;
  private final Intake intake;
  private final BodyBudget budget;

  ViewerApi(TraceStore store, Intake intake, BodyBudget budget) {
    this.store = store;
    this.intake = intake;
    this.budget = budget;
  }

  void addTo(Routes routes) {
    routes
        .get("/health", call -> Answer.json(Json.object("status", "ok")))
        .get("/api/status", call -> Answer.json(status()))
        .get("/viewer/traces", call -> Answer.orError(() -> list(call)))
        .get("/viewer/traces/{id}", call -> one(call, ViewerApi::chart))
        .get("/viewer/traces/{id}/otlp", call -> one(call, ViewerApi::otlp))
        .get("/viewer/traces/{id}/jaeger", call -> one(call, ViewerApi::jaeger))
        .get("/viewer/traces/{id}/perfetto", call -> one(call, ViewerApi::perfetto))
        .get("/viewer/operations", this::operations);
  }

  private Map<String, Object> status() {
    StoreCounts kept = store.counts();
    Intake.Counts taken = intake.counts();
    return Json.object(
        "requests", taken.requests(),
        "refusedRequests", taken.refusedRequests(),
        "inFlightBytes", budget.taken(),
        "receivedSpans", taken.receivedSpans(),
        "rejectedSpans", taken.rejectedSpans(),
        "duplicateSpans", kept.duplicates(),
        "storedSpans", kept.stored(),
        "evictedSpans", kept.evictedSpans(),
        "evictedTraces", kept.evictedTraces(),
        "heldTraces", kept.heldTraces(),
        "heldSpans", kept.heldSpans(),
        "heldBytes", kept.heldBytes());
  }

  private Answer list(HttpCall call) throws BadQueryException {
    // Equal revisions mean equal lists; the caller's cache tells the address apart.
    String revision = "r" + store.counts().revision();
    List<TraceSummary> found = store.search(ListQuery.of(call, DEFAULT_LIMIT));
    Map<String, Object> json =
        Json.object(
            "traces", found.stream().map(SummaryJson::of).toList(),
            "services", store.services(),
            "held", store.counts().heldTraces());
    return Answer.json(json).unlessKnown(revision, call);
  }

  private Answer one(HttpCall call, Function<StoredTrace, Answer> answer) {
    return Answer.orError(
        () ->
            store
                .trace(TraceIds.parse(call.variable("id")))
                .map(answer)
                .orElseGet(() -> Answer.error(404, GONE)));
  }

  private static Answer chart(StoredTrace trace) {
    return Answer.json(ChartJson.of(LaneChart.of(trace)));
  }

  /** As the Collector's file exporter writes it, and any receiver of OTLP takes it. */
  private static Answer otlp(StoredTrace trace) {
    return file(trace, "otlp.json", Answer.json(OtlpJsonTraces.of(List.of(trace))));
  }

  /** As Jaeger's page writes and opens it. */
  private static Answer jaeger(StoredTrace trace) {
    Object json = Json.object("data", List.of(JaegerV1Json.trace(trace)));
    return file(trace, "jaeger.json", Answer.json(json));
  }

  /** As Perfetto's page and trace processor open it. */
  private static Answer perfetto(StoredTrace trace) {
    var bytes = PerfettoTrace.of(LaneChart.of(trace));
    return file(trace, "perfetto-trace", Answer.of(200, "application/octet-stream", bytes));
  }

  /** One trace in somebody else's format, to be kept or opened elsewhere. */
  private static Answer file(StoredTrace trace, String suffix, Answer content) {
    return content.with(
        "Content-Disposition", "attachment; filename=\"%s.%s\"".formatted(trace.traceId(), suffix));
  }

  private Answer operations(HttpCall call) {
    return Answer.json(Json.object("operations", Operations.names(store, call.param("service"))));
  }
}
