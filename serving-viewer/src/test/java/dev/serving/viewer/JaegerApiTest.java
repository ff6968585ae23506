package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.viewer.store.StoredTrace;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a Jaeger page or Grafana's Jaeger source asks, answered as Jaeger answers. */
class JaegerApiTest {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String OTHER = "000000000000000000000000000000b7";
  private static final String LINKED = "000000000000000000000000000000c8";
  private static final long ZERO = 1_795_234_507_615_132_723L;
  private static final String TIMES =
      "query.start_time_min=2026-11-01T00:00:00Z&query.start_time_max=2026-12-01T00:00:00.5Z";

  private final Viewer viewer = Viewer.start(ViewerConfig.defaults().withPort(0));
  private final Client client = new Client(viewer);

  @BeforeEach
  void send() {
    SampleTrace sample = SampleTrace.chat(ID, ZERO);
    sample.any(
        "engine",
        sample
            .span("embed", "0000000000000001", 16_000, 60_999)
            .setStatus(SampleTrace.failure("KV cache exhausted"))
            .addAttributes(SampleTrace.text("user", "Ada"))
            .addAttributes(SampleTrace.list("reasons", "stop", "length"))
            .addEvents(
                io.opentelemetry.proto.trace.v1.Span.Event.newBuilder()
                    .setName("exception")
                    .setTimeUnixNano(ZERO + 30_000)
                    .addAttributes(SampleTrace.number("code", 7))));
    client.exportProtobuf(sample);
    SampleTrace other = SampleTrace.empty(OTHER, ZERO - 1_000_000);
    other.root("GET /v1/models", 0, 5_000);
    client.exportProtobuf(other);
  }

  @AfterEach
  void close() {
    viewer.close();
  }

  @Test
  void v1ListsServicesAndOperations() {
    JsonNode services = client.json("api/services");

    assertThat(strings(services.path("data")))
        .containsExactly("serving-engine", "serving-frontend", "serving-worker-1");
    assertThat(services.path("total").asInt()).isEqualTo(3);
    assertThat(services.propertyNames())
        .containsExactlyInAnyOrder("data", "total", "limit", "offset", "errors");
    assertThat(services.path("errors").isNull()).isTrue();
    assertThat(strings(client.json("api/services/serving-worker-1/operations").path("data")))
        .containsExactly("DECODE", "PREFILL", "worker");
    assertThat(client.json("api/operations?service=serving-frontend&spanKind=server").path("data"))
        .hasSize(2)
        .allMatch(operation -> operation.path("spanKind").asString().equals("server"));
  }

  @Test
  void v1GivesATraceInMicrosecondsWithTypedTagsAndReferences() {
    JsonNode trace = client.json("api/traces/" + ID).path("data").path(0);

    assertThat(trace.path("traceID").asString()).isEqualTo(ID);
    assertThat(trace.path("spans")).hasSize(14);
    assertThat(trace.path("processes")).hasSize(3);
    assertThat(trace.path("warnings").isNull()).isTrue();
    JsonNode embed = span(trace, "embed");
    assertThat(embed.path("startTime").asLong()).isEqualTo((ZERO + 16_000) / 1_000);
    assertThat(embed.path("duration").asLong()).isEqualTo(44);
    assertThat(embed.path("references").path(0).toString())
        .isEqualTo(
            "{\"refType\":\"CHILD_OF\",\"traceID\":\"%s\",\"spanID\":\"0000000000000001\"}"
                .formatted(ID));
    assertThat(strings(embed.path("tags")))
        .contains(
            "{\"key\":\"error\",\"type\":\"bool\",\"value\":true}",
            "{\"key\":\"otel.status_code\",\"type\":\"string\",\"value\":\"ERROR\"}",
            "{\"key\":\"otel.status_description\",\"type\":\"string\",\"value\":\"KV cache exhausted\"}",
            "{\"key\":\"span.kind\",\"type\":\"string\",\"value\":\"internal\"}",
            "{\"key\":\"reasons\",\"type\":\"string\",\"value\":\"[\\\"stop\\\",\\\"length\\\"]\"}",
            "{\"key\":\"otel.scope.version\",\"type\":\"string\",\"value\":\"0.1.0\"}");
    assertThat(embed.path("logs").path(0).path("timestamp").asLong())
        .isEqualTo((ZERO + 30_000) / 1_000);
    assertThat(strings(embed.path("logs").path(0).path("fields")))
        .containsExactly(
            "{\"key\":\"event\",\"type\":\"string\",\"value\":\"exception\"}",
            "{\"key\":\"code\",\"type\":\"int64\",\"value\":7}");
    assertThat(span(trace, "SCHEDULE").path("references"))
        .extracting(reference -> reference.path("refType").asString())
        .containsExactly("CHILD_OF", "FOLLOWS_FROM");
    String process = embed.path("processID").asString();
    assertThat(trace.path("processes").path(process).path("serviceName").asString())
        .isEqualTo("serving-engine");
    trace.path("spans").forEach(s -> assertThat(s.path("warnings").isNull()).isTrue());
  }

  @Test
  void v1TakesShortIdsAndRefusesOthers() {
    assertThat(client.json("api/traces/b7").path("data").path(0).path("traceID").asString())
        .isEqualTo(OTHER);
    assertThat(client.json("api/traces/" + ID.toUpperCase(java.util.Locale.ROOT)).path("data"))
        .hasSize(1);
    assertError(client.get("api/traces/zz"), 400, "hexadecimal");
    assertError(client.get("api/traces/ff"), 404, "trace not found");
  }

  @Test
  void v1Searches() {
    assertThat(found("service=serving-frontend")).containsExactly(ID, OTHER);
    assertThat(found("service=serving-frontend&limit=1")).containsExactly(ID);
    assertThat(found("service=serving-frontend&operation=GET%20/v1/models")).containsExactly(OTHER);
    assertThat(found("service=serving-frontend&minDuration=100ms")).containsExactly(ID);
    assertThat(found("service=serving-frontend&maxDuration=1.5ms")).containsExactly(OTHER);
    assertThat(found("service=serving-engine&tags=" + Client.encode("{\"user\":\"Ada\"}")))
        .containsExactly(ID);
    assertThat(found("service=serving-engine&tag=user:Bob")).isEmpty();
    assertThat(found("service=serving-engine&tags=" + Client.encode("{\"error\":\"true\"}")))
        .containsExactly(ID);
    assertThat(found("service=serving-frontend&start=" + ZERO / 1_000)).containsExactly(ID);
    assertThat(found("service=serving-frontend&end=" + (ZERO / 1_000 - 500)))
        .containsExactly(OTHER);
    assertThat(found("traceID=b7&traceID=" + ID)).containsExactly(OTHER, ID);
  }

  @Test
  void v1FindsWhateverItShows() {
    JsonNode trace = client.json("api/traces/" + ID).path("data").path(0);
    JsonNode embed = span(trace, "embed");
    List<JsonNode> shown = new ArrayList<>();
    embed.path("tags").forEach(shown::add);
    embed.path("logs").path(0).path("fields").forEach(shown::add);
    trace
        .path("processes")
        .path(embed.path("processID").asString())
        .path("tags")
        .forEach(shown::add);

    assertThat(shown).hasSizeGreaterThan(9);
    for (JsonNode tag : shown) {
      String key = tag.path("key").asString();
      String wanted = Json.text(java.util.Map.of(key, tag.path("value").asString()));
      assertThat(found("service=serving-engine&operation=embed&tags=" + Client.encode(wanted)))
          .as(wanted)
          .containsExactly(ID);
      String other = Json.text(java.util.Map.of(key, tag.path("value").asString() + "0"));
      assertThat(found("service=serving-engine&operation=embed&tags=" + Client.encode(other)))
          .as(other)
          .isEmpty();
    }
  }

  @Test
  void durationsAndTimesAreAskedOfTheSpanThatIsSearchedFor() {
    // The trace takes 312 ms, the scheduler's slice 48 of them, from the 13th on.
    String slice = "service=serving-engine&operation=SCHEDULE";
    assertThat(found(slice + "&minDuration=48ms&maxDuration=48ms")).containsExactly(ID);
    assertThat(found(slice + "&minDuration=49ms")).isEmpty();
    long begin = (ZERO + 13_000_000) / 1_000;
    assertThat(found(slice + "&start=" + begin + "&end=" + (begin + 1))).containsExactly(ID);
    assertThat(found(slice + "&end=" + (begin - 1))).isEmpty();
    String v3 = "api/v3/traces?query.service_name=serving-engine&query.operation_name=SCHEDULE&";
    assertThat(client.get(v3 + TIMES + "&query.duration_min=48ms").statusCode()).isEqualTo(200);
    assertThat(client.get(v3 + TIMES + "&query.duration_min=49ms").statusCode()).isEqualTo(404);
    assertThat(client.get(v3 + TIMES + "&query.attributes=%7B%22rid%22:1%7D").statusCode())
        .isEqualTo(404);
  }

  @Test
  void v3KeepsEverythingOfALink() {
    SampleTrace linked = SampleTrace.empty(LINKED, ZERO);
    linked.any(
        "engine",
        linked
            .span("resumed", null, 0, 1)
            .addLinks(
                io.opentelemetry.proto.trace.v1.Span.Link.newBuilder()
                    .setTraceId(SampleTrace.bytes(ID))
                    .setSpanId(SampleTrace.bytes("00000000000000aa"))
                    .setTraceState("a=b")
                    .setFlags(0x301)
                    .addAttributes(SampleTrace.text("why", "preempted"))));
    client.exportProtobuf(linked);

    JsonNode span =
        client.json("api/v3/traces/" + LINKED).at("/result/resourceSpans/0/scopeSpans/0/spans/0");
    assertThat(span.path("links").path(0).toString())
        .isEqualTo(
            "{\"traceId\":\"%s\",\"spanId\":\"00000000000000aa\",\"traceState\":\"a=b\","
                    .formatted(ID)
                + "\"attributes\":[{\"key\":\"why\",\"value\":{\"stringValue\":\"preempted\"}}],"
                + "\"flags\":769}");
    assertThat(span.propertyNames()).doesNotContain("events", "attributes");
  }

  @Test
  void v1SaysWhatIsWrongWithASearch() {
    assertError(client.get("api/traces"), 400, "parameter 'service' is required");
    assertError(client.get("api/traces?service=a&limit=many"), 400, "limit");
    assertError(client.get("api/traces?service=a&minDuration=soon"), 400, "minDuration");
    assertError(client.get("api/traces?service=a&tags=%7B"), 400, "tags");
    assertError(client.get("api/traces?service=a&tag=nocolon"), 400, "tag");
  }

  @Test
  void v1CountsCallsBetweenServices() {
    assertThat(strings(client.json("api/dependencies").path("data")))
        .anySatisfy(
            call ->
                assertThat(call)
                    .contains("\"parent\":\"serving-frontend\"")
                    .contains("\"child\":\"serving-engine\"")
                    .contains("\"callCount\":3"));
    assertThat(client.json("api/dependencies?endTs=1000&lookback=1000").path("data")).isEmpty();
  }

  @Test
  void v3GivesOtlpJsonThatCanBeSentBack() {
    JsonNode result = client.json("api/v3/traces/" + ID).path("result");
    StoredTrace before = viewer.store().trace(ID).orElseThrow();

    try (Viewer second = Viewer.start(ViewerConfig.defaults().withPort(0))) {
      byte[] body = result.toString().getBytes(StandardCharsets.UTF_8);
      new Client(second).export("application/json", body);
      assertThat(second.store().trace(ID)).contains(before);
    }
    JsonNode span = result.path("resourceSpans").path(0).path("scopeSpans").path(0).path("spans");
    assertThat(span.path(0).path("startTimeUnixNano").isString()).isTrue();
    assertThat(span.path(0).path("flags").asInt()).isEqualTo(257);
  }

  @Test
  void v3SearchesInEitherSpelling() {
    JsonNode found =
        client.json(
            "api/v3/traces?query.service_name=serving-frontend&query.num_traces=5&" + TIMES);
    assertThat(found.path("result").path("resourceSpans")).hasSize(3);
    assertThat(
            client
                .json(
                    "api/v3/trace-summaries?query.serviceName=serving-worker-1&"
                        + TIMES.replace("start_time_min", "startTimeMin"))
                .path("summaries")
                .path(0)
                .toString())
        .isEqualTo(
            "{\"traceId\":\"%s\",\"rootServiceName\":\"serving-frontend\",".formatted(ID)
                + "\"rootOperationName\":\"POST /v1/chat/completions\","
                + "\"minStartTimeUnixNano\":\"1795234507615132723\","
                + "\"maxEndTimeUnixNano\":\"1795234507927132723\","
                + "\"spanCount\":14,\"errorSpanCount\":1,\"orphanSpanCount\":0,"
                + "\"services\":["
                + "{\"name\":\"serving-engine\",\"spanCount\":6,\"errorSpanCount\":1},"
                + "{\"name\":\"serving-frontend\",\"spanCount\":5,\"errorSpanCount\":0},"
                + "{\"name\":\"serving-worker-1\",\"spanCount\":3,\"errorSpanCount\":0}]}");
  }

  @Test
  void v3ListsServicesAndOperationsAndSaysWhatIsWrong() {
    assertThat(strings(client.json("api/v3/services").path("services"))).hasSize(3);
    assertThat(client.json("api/v3/operations?service=serving-worker-1").path("operations"))
        .hasSize(3);
    HttpResponse<byte[]> missing = client.get("api/v3/traces?query.service_name=a");
    assertThat(missing.statusCode()).isEqualTo(400);
    assertThat(Client.json(missing).path("error").path("message").asString())
        .isEqualTo("query.start_time_min and query.start_time_max are required");
    HttpResponse<byte[]> unknown = client.get("api/v3/traces/ff");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(Client.json(unknown).path("error").path("httpCode").asInt()).isEqualTo(404);
    assertThat(client.get("api/v3/traces?" + TIMES.replace("2026", "then")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void aTraceIsGivenAsAFileThatOthersOpen() {
    StoredTrace before = viewer.store().trace(ID).orElseThrow();
    HttpResponse<byte[]> otlp = client.get("viewer/traces/" + ID + "/otlp");
    assertThat(otlp.headers().firstValue("content-disposition"))
        .contains("attachment; filename=\"" + ID + ".otlp.json\"");
    try (Viewer second = Viewer.start(ViewerConfig.defaults().withPort(0))) {
      new Client(second).export("application/json", otlp.body());
      assertThat(second.store().trace(ID)).contains(before);
    }

    JsonNode jaeger = Client.json(client.get("viewer/traces/" + ID + "/jaeger"));
    assertThat(jaeger.path("data").path(0))
        .isEqualTo(client.json("api/traces/" + ID).path("data").path(0));
    assertThat(client.get("viewer/traces/ff/otlp").statusCode()).isEqualTo(404);
    assertThat(client.get("viewer/traces/zz/jaeger").statusCode()).isEqualTo(400);
  }

  @Test
  void theListSaysWhatIsWrongWithACondition() {
    for (String wrong : List.of("=1", "tokens", "tokens>many")) {
      HttpResponse<byte[]> answer = client.get("viewer/traces?where=" + Client.encode(wrong));
      assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
    }
    JsonNode found =
        client.json("viewer/traces?where=" + Client.encode("user~AD and reasons~length"));
    assertThat(found.path("traces")).hasSize(1);
  }

  private List<String> found(String query) {
    List<String> ids = new ArrayList<>();
    client
        .json("api/traces?" + query)
        .path("data")
        .forEach(trace -> ids.add(trace.path("traceID").asString()));
    return ids;
  }

  private static void assertError(HttpResponse<byte[]> answer, int status, String message) {
    assertThat(answer.statusCode()).isEqualTo(status);
    JsonNode body = Client.json(answer);
    assertThat(body.path("data").isNull()).isTrue();
    assertThat(body.path("errors").path(0).path("code").asInt()).isEqualTo(status);
    assertThat(body.path("errors").path(0).path("msg").asString()).contains(message);
  }

  private static JsonNode span(JsonNode trace, String name) {
    for (JsonNode span : trace.path("spans")) {
      if (span.path("operationName").asString().equals(name)) {
        return span;
      }
    }
    throw new AssertionError("no span " + name);
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(
        element -> strings.add(element.isString() ? element.stringValue() : element.toString()));
    return strings;
  }
}
