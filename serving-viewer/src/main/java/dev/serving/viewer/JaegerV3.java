package dev.serving.viewer;

import dev.serving.viewer.store.Operations;
import dev.serving.viewer.store.SpanQuery;
import dev.serving.viewer.store.StoredTrace;
import dev.serving.viewer.store.TraceQuery;
import dev.serving.viewer.store.TraceQuery.Range;
import dev.serving.viewer.store.TraceStore;
import dev.serving.viewer.store.TraceSummary;
import java.util.List;
import java.util.Map;

/** Jaeger's query API, version 3: the same questions, answered in OTLP's JSON. */
final class JaegerV3 {
  private static final int DEFAULT_LIMIT = 100;

  private final TraceStore store;

  JaegerV3(TraceStore store) {
    this.store = store;
  }

  void addTo(Routes routes) {
    routes
        .get("/api/v3/services", call -> Answer.json(Json.object("services", store.services())))
        .get("/api/v3/operations", this::operations)
        .get("/api/v3/traces", call -> orError(call, this::search))
        .get("/api/v3/traces/{id}", call -> orError(call, this::trace))
        .get("/api/v3/trace-summaries", call -> orError(call, this::summaries));
  }

  private Answer operations(HttpCall call) {
    String kind = either(call, "span_kind", "spanKind");
    return Answer.json(
        Json.object(
            "operations",
            Operations.of(store, call.param("service"), kind).stream()
                .map(found -> Json.object("name", found.name(), "spanKind", found.kind().label()))
                .toList()));
  }

  private Answer trace(HttpCall call) throws BadQueryException {
    return traces(store.trace(TraceIds.parse(call.variable("id"))).stream().toList());
  }

  private Answer search(HttpCall call) throws BadQueryException {
    return traces(store.searchTraces(query(call)));
  }

  private Answer summaries(HttpCall call) throws BadQueryException {
    return Answer.json(
        Json.object(
            "summaries", store.search(query(call)).stream().map(JaegerV3::summary).toList()));
  }

  private static Answer traces(List<StoredTrace> traces) {
    if (traces.isEmpty()) {
      return error(404, "No traces found");
    }
    return Answer.json(Json.object("result", OtlpJsonTraces.of(traces)));
  }

  private static TraceQuery query(HttpCall call) throws BadQueryException {
    String min = either(call, "query.start_time_min", "query.startTimeMin");
    String max = either(call, "query.start_time_max", "query.startTimeMax");
    if (min.isEmpty() || max.isEmpty()) {
      throw new BadQueryException("query.start_time_min and query.start_time_max are required");
    }
    SpanQuery span =
        SpanQuery.ANY
            .withService(either(call, "query.service_name", "query.serviceName"))
            .withOperation(either(call, "query.operation_name", "query.operationName"))
            .withAttributes(Params.attributes(call.param("query.attributes"), "query.attributes"))
            .withStart(
                new Range(
                    Params.instant(min, "query.start_time_min"),
                    Params.instant(max, "query.start_time_max")))
            .withDuration(duration(call));
    return TraceQuery.latest(limit(call)).withSpan(span);
  }

  private static Range duration(HttpCall call) throws BadQueryException {
    String min = either(call, "query.duration_min", "query.durationMin");
    String max = either(call, "query.duration_max", "query.durationMax");
    return new Range(
        Params.duration(min, "query.duration_min", Long.MIN_VALUE),
        Params.duration(max, "query.duration_max", Long.MAX_VALUE));
  }

  private static int limit(HttpCall call) throws BadQueryException {
    for (String name : List.of("query.search_depth", "query.searchDepth", "query.num_traces")) {
      if (!call.param(name).isEmpty()) {
        return Params.limit(call, name, DEFAULT_LIMIT);
      }
    }
    return DEFAULT_LIMIT;
  }

  private static Map<String, Object> summary(TraceSummary summary) {
    return Json.object(
        "traceId", summary.traceId(),
        "rootServiceName", summary.rootService(),
        "rootOperationName", summary.rootName(),
        "minStartTimeUnixNano", Long.toString(summary.startNanos()),
        "maxEndTimeUnixNano", Long.toString(summary.endNanos()),
        "spanCount", summary.spans(),
        "errorSpanCount", summary.errors(),
        "orphanSpanCount", summary.orphans(),
        "services", summary.services().stream().map(JaegerV3::service).toList());
  }

  private static Map<String, Object> service(TraceSummary.ServiceCount service) {
    return Json.object(
        "name", service.name(), "spanCount", service.spans(), "errorSpanCount", service.errors());
  }

  private static String either(HttpCall call, String one, String other) {
    String value = call.param(one);
    return value.isEmpty() ? call.param(other) : value;
  }

  private static Answer error(int status, String message) {
    return Answer.json(
        status, Json.object("error", Json.object("httpCode", status, "message", message)));
  }

  private interface Query {
    Answer answer(HttpCall call) throws BadQueryException;
  }

  private static Answer orError(HttpCall call, Query query) {
    try {
      return query.answer(call);
    } catch (BadQueryException e) {
      return error(400, e.getMessage());
    }
  }
}
