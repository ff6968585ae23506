package dev.serving.viewer;

import dev.serving.viewer.blame.Judged;
import dev.serving.viewer.chart.Causes;
import dev.serving.viewer.chart.Percentiles;
import dev.serving.viewer.chart.Stage;
import dev.serving.viewer.chart.StageStats;
import dev.serving.viewer.store.SpanQuery;
import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import dev.serving.viewer.store.TraceQuery;
import dev.serving.viewer.store.TraceStore;
import dev.serving.viewer.store.TraceSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What several traces say together: one beside its like, one beside another, many over time. */
final class InsightApi {
  private static final int LIKE = 200;
  private static final int MANY = 2_000;

  private final TraceStore store;

  InsightApi(TraceStore store) {
    this.store = store;
  }

  void addTo(Routes routes) {
    routes
        .get("/viewer/traces/{id}/blame", call -> Answer.orError(() -> blame(call)))
        .get("/viewer/traces/{id}/like", call -> Answer.orError(() -> like(call)))
        .get("/viewer/compare", call -> Answer.orError(() -> compare(call)))
        .get("/viewer/stats", call -> Answer.orError(() -> stats(call)));
  }

  /** Why it took so long, made anew of its spans and those of its engine's steps. */
  private Answer blame(HttpCall call) throws BadQueryException {
    StoredTrace trace = trace(call.variable("id"));
    Judged judged =
        Judged.of(trace, store).orElseThrow(() -> BadQueryException.untold(trace.traceId()));
    return Answer.json(JudgedJson.of(judged));
  }

  /** How long the latest requests of the same name took in each stage, but for this one. */
  private Answer like(HttpCall call) throws BadQueryException {
    StoredTrace trace = trace(call.variable("id"));
    StoredSpan root = trace.root();
    SpanQuery same = SpanQuery.ANY.withService(root.service()).withOperation(root.name());
    List<StoredTrace> like = new ArrayList<>(store.searchTraces(latest(same)));
    like.removeIf(it -> it.traceId().equals(trace.traceId()));
    like.removeIf(it -> !it.root().name().equals(root.name()));
    return Answer.json(Json.object("traces", like.size(), "stages", stages(StageStats.of(like))));
  }

  private Answer compare(HttpCall call) throws BadQueryException {
    StoredTrace a = trace(call.param("a"));
    StoredTrace b = trace(call.param("b"));
    Map<Stage, Long> ofA = StageStats.ofOne(a);
    Map<Stage, Long> ofB = StageStats.ofOne(b);
    List<Object> stages = new ArrayList<>();
    for (Stage stage : Stage.values()) {
      if (ofA.containsKey(stage) || ofB.containsKey(stage)) {
        stages.add(Json.object("stage", stage, "a", ofA.get(stage), "b", ofB.get(stage)));
      }
    }
    return Answer.json(
        Json.object(
            "a", SummaryJson.of(TraceSummary.of(a)),
            "b", SummaryJson.of(TraceSummary.of(b)),
            "stages", stages,
            "causes", causes(Causes.of(a), Causes.of(b))));
  }

  /** What more of its time went to in one of them comes first. */
  private static List<Object> causes(Map<String, Long> ofA, Map<String, Long> ofB) {
    Set<String> names = new TreeSet<>(ofA.keySet());
    names.addAll(ofB.keySet());
    return names.stream()
        .sorted(
            Comparator.comparingLong(
                name -> -Math.abs(ofB.getOrDefault(name, 0L) - ofA.getOrDefault(name, 0L))))
        .<Object>map(
            name ->
                Json.object(
                    "cause", name,
                    "a", ofA.isEmpty() ? null : ofA.getOrDefault(name, 0L),
                    "b", ofB.isEmpty() ? null : ofB.getOrDefault(name, 0L)))
        .toList();
  }

  private Answer stats(HttpCall call) throws BadQueryException {
    TraceQuery query = ListQuery.of(call, MANY);
    List<StoredTrace> traces = store.searchTraces(query);
    Map<String, Object> json = new LinkedHashMap<>(StatsJson.of(traces));
    json.put("atMost", traces.size() < query.limit() ? null : query.limit());
    json.put("causes", CausesJson.of(traces, call.param("by")));
    json.put("services", store.services());
    return Answer.json(json);
  }

  /** Each stage that occurs, in the order in which a request passes them. */
  static List<Object> stages(Map<Stage, Percentiles> stats) {
    List<Object> stages = new ArrayList<>();
    stats.forEach(
        (stage, spread) ->
            stages.add(
                Json.object(
                    "stage", stage,
                    "count", spread.count(),
                    "p50", spread.p50(),
                    "p90", spread.p90(),
                    "p99", spread.p99())));
    return stages;
  }

  private static TraceQuery latest(SpanQuery span) {
    return TraceQuery.latest(LIKE + 1).withSpan(span);
  }

  private StoredTrace trace(String id) throws BadQueryException {
    return store.trace(TraceIds.parse(id)).orElseThrow(() -> BadQueryException.missing(id));
  }
}
