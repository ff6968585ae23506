package dev.serving.viewer;

import dev.serving.viewer.TraceQuery.Range;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the page asks: the list, one trace laid out in lanes, and how the viewer is doing. */
final class ViewerApi {
  private static final int DEFAULT_LIMIT = 200;

  private final TraceStore store;
  private final Intake intake;

  ViewerApi(TraceStore store, Intake intake) {
    this.store = store;
    this.intake = intake;
  }

  void addTo(Routes routes) {
    routes
        .get("/health", call -> Answer.json(Map.of("status", "ok")))
        .get("/api/status", call -> Answer.json(status()))
        .get("/viewer/traces", this::list)
        .get("/viewer/traces/{id}", this::trace)
        .get("/viewer/operations", this::operations);
  }

  private Map<String, Object> status() {
    StoreCounts kept = store.counts();
    Intake.Counts taken = intake.counts();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("requests", taken.requests());
    json.put("refusedRequests", taken.refusedRequests());
    json.put("receivedSpans", taken.receivedSpans());
    json.put("rejectedSpans", taken.rejectedSpans());
    json.put("duplicateSpans", kept.duplicates());
    json.put("storedSpans", kept.stored());
    json.put("evictedSpans", kept.evictedSpans());
    json.put("evictedTraces", kept.evictedTraces());
    json.put("heldTraces", kept.heldTraces());
    json.put("heldSpans", kept.heldSpans());
    json.put("heldBytes", kept.heldBytes());
    return json;
  }

  private Answer list(HttpCall call) {
    // Equal revisions mean equal lists; the caller's cache tells the address apart.
    String revision = "r" + store.counts().revision();
    try {
      List<TraceSummary> found = store.search(query(call));
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("traces", found.stream().map(ViewerApi::summary).toList());
      json.put("services", store.services());
      json.put("held", store.counts().heldTraces());
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
          .orElseGet(() -> Answer.error(404, "this trace is not here: never received, or evicted"));
    } catch (BadQueryException e) {
      return Answer.error(400, e.getMessage());
    }
  }

  private Answer operations(HttpCall call) {
    return Answer.json(Map.of("operations", Operations.names(store, call.param("service"))));
  }

  private static TraceQuery query(HttpCall call) throws BadQueryException {
    long min = Params.duration(call.param("minDuration"), "minDuration", Long.MIN_VALUE);
    return TraceQuery.latest(Params.limit(call, "limit", DEFAULT_LIMIT))
        .withService(call.param("service"))
        .withOperation(call.param("operation"))
        .withText(call.param("text"))
        .withErrorsOnly(call.param("errors").equals("true"))
        .withDuration(new Range(min, Long.MAX_VALUE));
  }

  private static Map<String, Object> summary(TraceSummary summary) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("traceId", summary.traceId());
    json.put("service", summary.rootService());
    json.put("name", summary.rootName());
    json.put("startUnixMillis", summary.startNanos() / 1e6);
    json.put("durationNanos", summary.durationNanos());
    json.put("spans", summary.spans());
    json.put("errors", summary.errors());
    json.put("orphans", summary.orphans());
    json.put("services", summary.services());
    return json;
  }
}
