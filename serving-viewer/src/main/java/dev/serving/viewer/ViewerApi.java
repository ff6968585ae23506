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
        .get("/viewer/traces", this::list)
        .get("/viewer/traces/{id}", this::trace)
        .get("/viewer/traces/{id}/otlp", call -> file(call, "otlp", ViewerApi::otlp))
        .get("/viewer/traces/{id}/jaeger", call -> file(call, "jaeger", ViewerApi::jaeger))
        .get("/viewer/traces/{id}/perfetto", call -> Answer.orError(() -> perfetto(call)))
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

  private Answer list(HttpCall call) {
    // Equal revisions mean equal lists; the caller's cache tells the address apart.
    String revision = "r" + store.counts().revision();
    try {
      List<TraceSummary> found = store.search(ListQuery.of(call, DEFAULT_LIMIT));
      Map<String, Object> json =
          Json.object(
              "traces", found.stream().map(SummaryJson::of).toList(),
              "services", store.services(),
              "held", store.counts().heldTraces());
      return Answer.json(json).unlessKnown(revision, call);
    } catch (BadQueryException e) {
      return Answer.error(400, e.getMessage());
    }
  }

  private Answer trace(HttpCall call) {
    try {
      return store
          .trace(TraceIds.parse(call.variable("id")))
          .map(found -> Answer.json(ChartJson.of(LaneChart.of(found))))
          .orElseGet(() -> Answer.error(404, GONE));
    } catch (BadQueryException e) {
      return Answer.error(400, e.getMessage());
    }
  }

  /** One trace as a file in somebody else's format, to be kept or opened elsewhere. */
  private Answer file(HttpCall call, String format, Function<StoredTrace, Object> write) {
    try {
      return store
          .trace(TraceIds.parse(call.variable("id")))
          .map(
              found ->
                  Answer.json(write.apply(found))
                      .with(
                          "Content-Disposition",
                          "attachment; filename=\"%s.%s.json\"".formatted(found.traceId(), format)))
          .orElseGet(() -> Answer.error(404, GONE));
    } catch (BadQueryException e) {
      return Answer.error(400, e.getMessage());
    }
  }

  /** As Perfetto's page and trace processor open it. */
  private Answer perfetto(HttpCall call) throws BadQueryException {
    return store
        .trace(TraceIds.parse(call.variable("id")))
        .map(
            found ->
                Answer.of(200, "application/octet-stream", PerfettoTrace.of(LaneChart.of(found)))
                    .with(
                        "Content-Disposition",
                        "attachment; filename=\"%s.perfetto-trace\"".formatted(found.traceId())))
        .orElseGet(() -> Answer.error(404, GONE));
  }

  /** As the Collector's file exporter writes it, and any receiver of OTLP takes it. */
  private static Object otlp(StoredTrace trace) {
    return OtlpJsonTraces.of(List.of(trace));
  }

  /** As Jaeger's page writes and opens it. */
  private static Object jaeger(StoredTrace trace) {
    return Json.object("data", List.of(JaegerV1Json.trace(trace)));
  }

  private Answer operations(HttpCall call) {
    return Answer.json(Json.object("operations", Operations.names(store, call.param("service"))));
  }
}
