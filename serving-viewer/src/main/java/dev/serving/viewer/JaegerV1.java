package dev.serving.viewer;

import dev.serving.viewer.store.AttributeFilter;
import dev.serving.viewer.store.Operations;
import dev.serving.viewer.store.SpanQuery;
import dev.serving.viewer.store.StoredTrace;
import dev.serving.viewer.store.TraceQuery;
import dev.serving.viewer.store.TraceQuery.Range;
import dev.serving.viewer.store.TraceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Jaeger's query API, version 1, as its own page and Grafana's Jaeger source ask it. */
final class JaegerV1 {
  private static final int DEFAULT_LIMIT = 100;
  private static final long DAY_MILLIS = 86_400_000;

  private final TraceStore store;

  JaegerV1(TraceStore store) {
    this.store = store;
  }

  void addTo(Routes routes) {
    routes
        .get("/api/services", this::services)
        .get("/api/services/{service}/operations", this::operationNames)
        .get("/api/operations", this::operations)
        .get("/api/dependencies", call -> orError(call, this::dependencies))
        .get("/api/traces", call -> orError(call, this::search))
        .get("/api/traces/{id}", call -> orError(call, this::trace));
  }

  private Answer services(HttpCall call) {
    return counted(List.copyOf(store.services()));
  }

  private Answer operationNames(HttpCall call) {
    return counted(Operations.names(store, call.variable("service")));
  }

  private Answer operations(HttpCall call) {
    return counted(
        Operations.of(store, call.param("service"), call.param("spanKind")).stream()
            .map(found -> Json.object("name", found.name(), "spanKind", found.kind().label()))
            .toList());
  }

  private Answer dependencies(HttpCall call) throws BadQueryException {
    long end = TimeUnit.MICROSECONDS.toMillis(Params.microTime(call, "endTs", Long.MAX_VALUE));
    long lookback = Params.microTime(call, "lookback", DAY_MILLIS * 1_000) / 1_000;
    long endNanos = TimeUnit.MILLISECONDS.toNanos(end);
    Range start =
        call.param("endTs").isEmpty()
            ? Range.ANY
            : new Range(endNanos - TimeUnit.MILLISECONDS.toNanos(lookback), endNanos);
    List<Map<String, Object>> calls = new ArrayList<>();
    Operations.calls(store, start)
        .forEach(
            (pair, count) ->
                calls.add(
                    Json.object(
                        "parent", pair.parent(), "child", pair.child(), "callCount", count)));
    return envelope(200, calls, 0, null);
  }

  private Answer trace(HttpCall call) throws BadQueryException {
    Optional<StoredTrace> trace = store.trace(TraceIds.parse(call.variable("id")));
    return trace
        .map(found -> envelope(200, List.of(JaegerV1Json.trace(found)), 0, null))
        .orElseGet(() -> error(404, "trace not found"));
  }

  private Answer search(HttpCall call) throws BadQueryException {
    List<StoredTrace> found = new ArrayList<>();
    if (call.query().containsKey("traceID")) {
      for (String id : call.params("traceID")) {
        store.trace(TraceIds.parse(id)).ifPresent(found::add);
      }
    } else {
      found.addAll(store.searchTraces(query(call)));
    }
    return envelope(200, found.stream().map(JaegerV1Json::trace).toList(), 0, null);
  }

  private static TraceQuery query(HttpCall call) throws BadQueryException {
    if (call.param("service").isEmpty()) {
      throw new BadQueryException("parameter 'service' is required");
    }
    String operation = call.param("operation");
    SpanQuery span =
        SpanQuery.ANY
            .withService(call.param("service"))
            .withOperation(operation.equals("all") ? "" : operation)
            .withAttributes(tags(call))
            .withStart(
                new Range(
                    Params.microTime(call, "start", Long.MIN_VALUE),
                    Params.microTime(call, "end", Long.MAX_VALUE)))
            .withDuration(
                new Range(
                    Params.duration(call.param("minDuration"), "minDuration", Long.MIN_VALUE),
                    Params.duration(call.param("maxDuration"), "maxDuration", Long.MAX_VALUE)));
    return TraceQuery.latest(Params.limit(call, "limit", DEFAULT_LIMIT)).withSpan(span);
  }

  /** {@code tags={"key":"value"}} and {@code tag=key:value}, as often as wanted. */
  private static List<AttributeFilter> tags(HttpCall call) throws BadQueryException {
    List<AttributeFilter> tags = new ArrayList<>();
    for (String tag : call.params("tag")) {
      String[] pair = tag.split(":", 2);
      if (pair.length < 2) {
        throw new BadQueryException("malformed 'tag' parameter, expecting key:value, was " + tag);
      }
      tags.add(AttributeFilter.equal(pair[0], pair[1]));
    }
    for (String json : call.params("tags")) {
      tags.addAll(Params.attributes(json, "'tags'"));
    }
    return tags;
  }

  private static Answer counted(List<?> data) {
    return envelope(200, data, data.size(), null);
  }

  private static Answer error(int status, String message) {
    return envelope(status, null, 0, List.of(Json.object("code", status, "msg", message)));
  }

  private static Answer envelope(int status, Object data, int total, Object errors) {
    return Answer.json(
        status,
        Json.object("data", data, "total", total, "limit", 0, "offset", 0, "errors", errors));
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
