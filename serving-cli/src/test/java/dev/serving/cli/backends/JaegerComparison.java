package dev.serving.cli.backends;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Asks Jaeger and the viewer the same questions of the same spans. Compared is what a page or
 * Grafana uses; not the order of spans and tags, which neither promises, nor the text of errors.
 */
final class JaegerComparison {
  /** A foreign trace with what ours do not have: arrays, an exception, a link with flags. */
  private static final String FOREIGN =
      """
      {"resourceSpans": [{"resource": {"attributes": [
        {"key": "service.name", "value": {"stringValue": "foreign"}}]},
       "scopeSpans": [{"scope": {"name": "test", "version": "1"}, "spans": [
        {"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331",
         "name": "outer", "kind": 2, "startTimeUnixNano": "%1$d000000000",
         "endTimeUnixNano": "%1$d500000000", "attributes": [
           {"key": "models", "value": {"arrayValue": {"values": [
             {"stringValue": "a"}, {"stringValue": "b"}]}}},
           {"key": "ratio", "value": {"doubleValue": 0.5}},
           {"key": "whole", "value": {"boolValue": true}}]},
        {"traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203332",
         "parentSpanId": "b7ad6b7169203331", "name": "inner", "kind": 1,
         "startTimeUnixNano": "%1$d100000000", "endTimeUnixNano": "%1$d101000000",
         "status": {"code": 2, "message": "out of blocks"},
         "events": [{"timeUnixNano": "%1$d100500000", "name": "exception", "attributes": [
           {"key": "exception.type", "value": {"stringValue": "OutOfBlocks"}}]}],
         "links": [{"traceId": "0af7651916cd43dd8448eb211c80319d",
           "spanId": "b7ad6b7169203339", "flags": 257, "attributes": [
             {"key": "why", "value": {"stringValue": "after"}}]}]}]}]}]}
      """;

  private static final String FOREIGN_ID = "0af7651916cd43dd8448eb211c80319c";

  private final Stack stack;
  private final Http viewer;
  private final List<String> differences = new ArrayList<>();
  private int asked;

  JaegerComparison(Stack stack, Http viewer) {
    this.stack = stack;
    this.viewer = viewer;
  }

  int asked() {
    return asked;
  }

  /** Gives the viewer all that the Collector's file holds, and both the foreign trace. */
  void copy() throws IOException {
    String foreign = FOREIGN.formatted(System.currentTimeMillis() / 1000 - 60);
    new Http(java.net.URI.create(stack.endpoint(true, false) + "/")).post("v1/traces", foreign);
    await().atMost(Duration.ofSeconds(30)).until(() -> stack.inJaeger(FOREIGN_ID).size() == 2);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> stack.file().stream().anyMatch(s -> s.traceId().equals(FOREIGN_ID)));
    for (String line : stack.lines()) {
      HttpResponse<String> answer = viewer.post("v1/traces", line);
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(answer.body());
      }
    }
  }

  List<String> differences(List<String> traces) {
    asSets("api/services");
    asSets("api/v3/services");
    for (String service : List.of("serving", "foreign")) {
      asSets("api/services/" + service + "/operations");
      asSets("api/operations?service=" + service);
      asSets("api/v3/operations?service=" + service);
    }
    List<String> each = new ArrayList<>(traces);
    each.add(FOREIGN_ID);
    each.forEach(this::trace);
    for (String refused :
        List.of("api/traces/zz", "api/traces/ff", "api/traces", "api/v3/traces/ff")) {
      same(refused, http -> Integer.toString(http.get(refused).statusCode()));
    }
    searches();
    return differences;
  }

  private void searches() {
    found("service=serving&tags=" + Http.encode("{\"error.type\":\"client_gone\"}"));
    found("service=serving&operation=PREFILL&minDuration=1us");
    // Durations are asked of the span, not of its trace.
    found("service=serving&operation=PREPROCESSING&minDuration=20ms");
    found("service=serving&operation=POSTPROCESSING&maxDuration=50ms");
    found("service=foreign&operation=inner&minDuration=100ms");
    found("service=foreign&operation=outer&minDuration=100ms");
    found("service=foreign&operation=inner&maxDuration=2ms");
    found("service=foreign&minDuration=100ms");
    // Arrays and events' attributes can be searched. The viewer also finds events by name and spans
    // by kind, which Jaeger's store in memory does not.
    found("service=foreign&tags=" + Http.encode("{\"models\":\"[\\\"a\\\",\\\"b\\\"]\"}"));
    found("service=foreign&tags=" + Http.encode("{\"exception.type\":\"OutOfBlocks\"}"));
    found("service=foreign&tags=" + Http.encode("{\"ratio\":\"0.5\"}"));
    found("service=foreign&tags=" + Http.encode("{\"whole\":\"true\"}"));
    found("service=foreign&operation=outer&tags=" + Http.encode("{\"event\":\"exception\"}"));
    found("service=no-such");
    found("service=foreign&operation=no-such");
  }

  private void trace(String id) {
    same("api/traces/" + id, http -> v1(http.json("api/traces/" + id)));
    same(
        "api/v3/traces/" + id,
        http ->
            SentSpan.of(http.json("api/v3/traces/" + id).path("result")).stream()
                .sorted(Comparator.comparing(SentSpan::id))
                .map(SentSpan::text)
                .toList()
                .toString());
    same("flags of links in " + id, http -> flags(http.json("api/v3/traces/" + id)));
  }

  private static String flags(JsonNode answer) {
    List<String> flags = new ArrayList<>();
    answer.findValues("links").forEach(l -> flags.add(l.findValuesAsString("flags").toString()));
    return flags.stream().sorted().toList().toString();
  }

  /** The spans of a v1 answer, each with its process instead of that one's name. */
  private static String v1(JsonNode answer) {
    JsonNode trace = answer.path("data").path(0);
    Map<String, String> spans = new TreeMap<>();
    for (JsonNode span : trace.path("spans")) {
      JsonNode process = trace.path("processes").path(span.path("processID").asString());
      Map<String, String> parts = new TreeMap<>();
      for (String key : List.of("traceID", "operationName", "startTime", "duration")) {
        parts.put(key, span.path(key).asString());
      }
      parts.put("references", span.path("references").toString());
      parts.put("tags", sorted(span.path("tags")));
      parts.put("service", process.path("serviceName").asString());
      parts.put("process", sorted(process.path("tags")));
      List<String> logs = new ArrayList<>();
      span.path("logs").forEach(l -> logs.add(l.path("timestamp") + sorted(l.path("fields"))));
      parts.put("logs", logs.stream().sorted().toList().toString());
      spans.put(span.path("spanID").asString(), parts.toString());
    }
    return spans.toString().replace("}, ", "},\n");
  }

  private static String sorted(JsonNode tags) {
    List<String> all = new ArrayList<>();
    tags.forEach(tag -> all.add(new TreeMap<>(fields(tag)).toString()));
    return all.stream().sorted().toList().toString();
  }

  private static Map<String, String> fields(JsonNode tag) {
    Map<String, String> fields = new HashMap<>();
    tag.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue().toString()));
    return fields;
  }

  private void asSets(String path) {
    same(
        path,
        http -> {
          JsonNode answer = http.json(path);
          JsonNode list = answer.has("data") ? answer.path("data") : answer.iterator().next();
          List<String> all = new ArrayList<>();
          list.forEach(value -> all.add(new TreeMap<>(fields(value)) + value.asString("")));
          return all.stream().sorted().toList().toString();
        });
  }

  /** Ids of the traces that a search of API v1 finds. */
  private void found(String question) {
    same(
        "api/traces?limit=2000&" + question,
        http -> {
          List<String> ids = new ArrayList<>();
          http.json("api/traces?limit=2000&" + question)
              .path("data")
              .forEach(trace -> ids.add(trace.path("traceID").asString()));
          return ids.stream().sorted().toList().toString();
        });
  }

  private void same(String question, java.util.function.Function<Http, String> answer) {
    asked++;
    String jaegers = answer.apply(stack.query());
    String viewers = answer.apply(viewer);
    if (!jaegers.equals(viewers)) {
      differences.add(question + "\n" + firstDifference(jaegers, viewers));
    }
  }

  private static String firstDifference(String jaegers, String viewers) {
    int at = 0;
    while (at < Math.min(jaegers.length(), viewers.length())
        && jaegers.charAt(at) == viewers.charAt(at)) {
      at++;
    }
    return "  jaeger …" + around(jaegers, at) + "\n  viewer …" + around(viewers, at);
  }

  private static String around(String text, int at) {
    return text.substring(Math.max(0, at - 120), Math.min(text.length(), at + 200));
  }
}
