package dev.serving.viewer;

import dev.serving.viewer.blame.Judged;
import dev.serving.viewer.chart.LaneChart;
import dev.serving.viewer.store.Operations;
import dev.serving.viewer.store.StoreCounts;
import dev.serving.viewer.store.StoredTrace;
import dev.serving.viewer.store.TraceOrder;
import dev.serving.viewer.store.TraceQuery;
import dev.serving.viewer.store.TraceStore;
import dev.serving.viewer.store.TraceSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** What the page asks: the list, one trace laid out in lanes, and how the viewer is doing. */
final class ViewerApi {
  private static final int DEFAULT_LIMIT = 200;

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
        .get("/viewer/traces/{id}", call -> one(call, this::chart))
        .get("/viewer/traces/{id}/otlp", call -> one(call, trace -> otlp(trace, call)))
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
        "heldBytes", kept.heldBytes(),
        "pinnedTraces", kept.pinnedTraces());
  }

  private Answer list(HttpCall call) throws BadQueryException {
    // Equal revisions mean equal lists; the caller's cache tells the address apart.
    String revision = "r" + store.counts().revision();
    TraceQuery query = ListQuery.of(call, DEFAULT_LIMIT);
    List<StoredTrace> found = store.searchTraces(query);
    Map<String, Object> json =
        Json.object(
            "traces", found.stream().map(trace -> line(trace, query)).toList(),
            "services", store.services(),
            "held", store.counts().heldTraces(),
            "sortedAmong", query.order().reads() ? TraceOrder.READ_AT_MOST : null);
    return Answer.json(json).unlessKnown(revision, call);
  }

  private Map<String, Object> line(StoredTrace trace, TraceQuery query) {
    Map<String, Object> line = SummaryJson.of(TraceSummary.of(trace));
    line.put("pinned", store.isPinned(trace.traceId()));
    OptionalLong stage = query.order().longest(trace);
    line.put("stageNanos", stage.isPresent() ? stage.getAsLong() : null);
    return line;
  }

  private Answer one(HttpCall call, Function<StoredTrace, Answer> answer) {
    return Answer.orError(
        () ->
            store
                .trace(TraceIds.parse(call.variable("id")))
                .map(answer)
                .orElseThrow(() -> BadQueryException.missing(call.variable("id"))));
  }

  private Answer chart(StoredTrace trace) {
    Map<String, Object> json = ChartJson.of(LaneChart.of(trace));
    json.put("pinned", store.isPinned(trace.traceId()));
    return Answer.json(json);
  }

  /**
   * As the Collector's file exporter writes it, and any receiver of OTLP takes it; if wanted with
   * the steps that its engine took meanwhile, from which its time is told anew.
   */
  private Answer otlp(StoredTrace trace, HttpCall call) {
    List<StoredTrace> all = new ArrayList<>(List.of(trace));
    if (call.param("steps").equals("true")) {
      all.addAll(Judged.steps(trace, store));
    }
    return file(trace, "otlp.json", Answer.json(OtlpJsonTraces.of(all)));
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
