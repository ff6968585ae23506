package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.message.FinishReason;
import dev.serving.trace.config.SamplingConfig;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a request's trace says of the frontend's part, however it ends. */
class TracesTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
  private Rig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new Rig().ready();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static SpanData named(List<SpanData> spans, String name) {
    List<SpanData> found = spans.stream().filter(s -> s.getName().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.get(0);
  }

  private static Object attribute(SpanData span, String key) {
    return span.getAttributes().asMap().entrySet().stream()
        .filter(e -> e.getKey().getKey().equals(key))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** All spans of one trace: every parent is there, and holds its children in time. */
  private static void assertWhole(List<SpanData> spans) {
    Map<String, SpanData> byId =
        spans.stream().collect(Collectors.toMap(SpanData::getSpanId, Function.identity()));
    assertThat(spans).allMatch(SpanData::hasEnded);
    for (SpanData span : spans) {
      SpanData parent = byId.get(span.getParentSpanId());
      if (parent != null) {
        assertThat(span.getStartEpochNanos()).isGreaterThanOrEqualTo(parent.getStartEpochNanos());
        assertThat(span.getEndEpochNanos()).isLessThanOrEqualTo(parent.getEndEpochNanos());
      }
      assertThat(parent == null).as(span.getName()).isEqualTo(span.getName().startsWith("POST "));
    }
  }

  @Test
  void theOldNamesOfAttributesAreThereTooForWhoOptsIn() throws Exception {
    try (Rig both = Rig.traced(c -> c.semconv(Set.of("gen_ai/dup"))).ready()) {
      both.post(CHAT, Rig.chatBody(", \"max_tokens\": 3"));
      both.spans(1);
      SpanData root = both.roots().get(0);
      assertThat(attribute(root, "gen_ai.usage.output_tokens")).isEqualTo(3L);
      assertThat(attribute(root, "gen_ai.usage.completion_tokens")).isEqualTo(3L);
    }
    rig.post(CHAT, Rig.chatBody(", \"max_tokens\": 3"));
    rig.spans(1);
    assertThat(attribute(rig.roots().get(0), "gen_ai.usage.completion_tokens")).isNull();
  }

  @Test
  void aClientForcesItsTraceOnlyWhereTheOperatorAllowsIt() throws Exception {
    for (boolean allowed : List.of(false, true)) {
      try (Rig choosy =
          Rig.traced(c -> c.sampling(s -> SamplingConfig.ratio(0)).forcing(allowed)).ready()) {
        choosy.post(CHAT, Rig.chatBody(""));
        choosy.post(CHAT, Rig.chatBody(""), "x-trace-force", "0");
        choosy.post(CHAT, Rig.chatBody(""), "x-trace-force", "1");
        choosy.spans(allowed ? 1 : 0);
        assertThat(choosy.roots()).hasSize(allowed ? 1 : 0);
      }
    }
  }

  @Test
  void anAnsweredRequestIsOneTraceOfLinkedStages() throws Exception {
    rig.post(CHAT, Rig.chatBody(", \"temperature\": 0.7, \"user\": \"ann\""));
    List<SpanData> spans = rig.spans(1);
    assertWhole(spans);
    SpanData root = named(spans, "POST " + CHAT);
    assertThat(root.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(root.getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
    SpanData preprocessing = named(spans, "PREPROCESSING");
    SpanData decode = named(spans, "DECODE");
    SpanData postprocessing = named(spans, "POSTPROCESSING");
    assertThat(decode.getLinks().get(0).getSpanContext().getSpanId())
        .isEqualTo(preprocessing.getSpanId());
    assertThat(postprocessing.getLinks()).hasSize(1);
    assertThat(postprocessing.getLinks().get(0).getSpanContext().getSpanId())
        .isEqualTo(decode.getSpanId());
    assertThat(named(spans, "dispatch").getParentSpanId()).isEqualTo(preprocessing.getSpanId());
    assertThat(preprocessing.getParentSpanId()).isEqualTo(named(spans, "preprocess").getSpanId());
    assertThat(postprocessing.getParentSpanId()).isEqualTo(named(spans, "postprocess").getSpanId());
    assertThat(named(spans, "postprocess").getParentSpanId()).isEqualTo(root.getSpanId());
  }

  @Test
  void theRootSaysWhatWasAskedAndAnswered() throws Exception {
    String metadata = ", \"metadata\": {\"session_id\": \"s-1\"}";
    var response =
        rig.post(
            CHAT,
            Rig.chatBody(
                ", \"temperature\": 0.7, \"user\": \"ann\", \"max_tokens\": 4" + metadata));
    SpanData root = named(rig.spans(1), "POST " + CHAT);
    Map<String, Object> wanted =
        Map.ofEntries(
            Map.entry("http.request.method", "POST"),
            Map.entry("http.route", CHAT),
            Map.entry("http.response.status_code", 200L),
            Map.entry("http.response.body.size", (long) response.body().length()),
            Map.entry("client.address", "127.0.0.1"),
            Map.entry("gen_ai.operation.name", "chat"),
            Map.entry("gen_ai.request.model", "demo"),
            Map.entry("gen_ai.request.temperature", 0.7),
            Map.entry("gen_ai.request.max_tokens", 4L),
            Map.entry("gen_ai.usage.output_tokens", 4L),
            Map.entry("gen_ai.usage.cache_read.input_tokens", 3L),
            Map.entry("gen_ai.response.finish_reasons", List.of("length")),
            Map.entry("gen_ai.conversation.id", "s-1"),
            Map.entry("user.id", "ann"));
    wanted.forEach((key, value) -> assertThat(attribute(root, key)).as(key).isEqualTo(value));
    assertThat(attribute(root, "gen_ai.response.time_to_first_chunk")).isNull(); // no stream
    assertThat(root.getTraceId())
        .isEqualTo(response.headers().firstValue("x-trace-id").orElseThrow());
  }

  /** W3C Trace Context: of two parents neither counts. */
  @Test
  void twoParentsAreNone() throws Exception {
    rig.post(CHAT, Rig.chatBody(""), "traceparent", PARENT, "traceparent", PARENT);
    SpanData root = named(rig.spans(1), "POST " + CHAT);
    assertThat(root.getParentSpanContext().isValid()).isFalse();
    assertThat(root.getTraceId()).isNotEqualTo(TRACE);
  }

  /** W3C Trace Context, 3.3.1: the list may come in several headers, which are joined. */
  @Test
  void theCallersStateMayComeInParts() throws Exception {
    String[] headers = {"traceparent", PARENT, "tracestate", "vendor=1", "tracestate", "other=2"};
    rig.post(CHAT, Rig.chatBody(""), headers);
    SpanData root = named(rig.spans(1), "POST " + CHAT);
    assertThat(root.getSpanContext().getTraceState().asMap())
        .containsEntry("vendor", "1")
        .containsEntry("other", "2");
  }

  @Test
  void onlyAStreamHasAFirstChunk() throws Exception {
    rig.post(CHAT, Rig.chatBody(", \"stream\": true"));
    SpanData root = named(rig.spans(1), "POST " + CHAT);
    assertThat((double) attribute(root, "gen_ai.response.time_to_first_chunk")).isPositive();
  }

  @Test
  void nothingIsClaimedOfAnAnswerThatThereIsNot() throws Exception {
    rig.engine().refuse = "full";
    rig.engine().refuseAs = FinishReason.BUSY;
    rig.post(CHAT, Rig.chatBody(", \"stream\": true"));
    SpanData root = named(rig.spans(1), "POST " + CHAT);
    assertThat((long) attribute(root, "gen_ai.usage.input_tokens")).isPositive();
    assertThat(root.getAttributes().asMap().keySet())
        .extracting(AttributeKey::getKey)
        .noneMatch(key -> key.startsWith("gen_ai.response."))
        .doesNotContain("gen_ai.usage.output_tokens", "gen_ai.usage.cache_read.input_tokens");
  }

  @Test
  void aClientsMistakeIsNamedOnEverySpanAndNoneIsAnError() throws Exception {
    rig.post(CHAT, Rig.chatBody("").replace("Hi", "word ".repeat(600)));
    List<SpanData> spans = rig.spans(1);
    SpanData stage = named(spans, "PREPROCESSING");
    assertThat(attribute(stage, "error.type")).isEqualTo("context_length_exceeded");
    assertThat(attribute(named(spans, "POST " + CHAT), "error.type"))
        .isEqualTo("context_length_exceeded");
    assertThat(spans).allMatch(s -> s.getStatus().getStatusCode() == StatusCode.UNSET);
    assertThat(spans)
        .allMatch(s -> s.getEvents().stream().noneMatch(e -> e.getName().equals("exception")));
  }

  @Test
  void theCallersTraceGoesOn() throws Exception {
    rig.post(CHAT, Rig.chatBody(""), "traceparent", PARENT, "tracestate", "vendor=1");
    List<SpanData> spans = rig.spans(1);
    assertThat(spans).allMatch(s -> s.getTraceId().equals(TRACE));
    SpanData root = named(spans, "POST " + CHAT);
    assertThat(root.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(root.getSpanContext().getTraceState().get("vendor")).isEqualTo("1");
  }

  @Test
  void eachChoiceHasAPostprocessingOfItsOwn() throws Exception {
    rig.post(CHAT, Rig.chatBody(", \"n\": 2, \"stream\": true"));
    List<SpanData> spans = rig.spans(1);
    assertWhole(spans);
    List<SpanData> stages =
        spans.stream().filter(s -> s.getName().equals("POSTPROCESSING")).toList();
    assertThat(stages).hasSize(2);
    assertThat(
            stages.stream().map(s -> s.getLinks().get(0).getSpanContext().getSpanId()).distinct())
        .hasSize(2);
  }

  @Test
  void aStopStringEndsItWithALinkToTheLastOutput() throws Exception {
    rig.post(CHAT, Rig.chatBody(", \"stop\": \" the\""));
    List<SpanData> spans = rig.spans(1);
    assertWhole(spans);
    assertThat(named(spans, "POSTPROCESSING").getLinks().get(0).getSpanContext().getSpanId())
        .isEqualTo(named(spans, "DECODE").getSpanId());
  }

  @Test
  void aBadRequestIsARootWithoutChildren() throws Exception {
    rig.post(CHAT, Rig.chatBody(", \"n\": 0"));
    List<SpanData> spans = rig.spans(1);
    assertThat(spans).hasSize(1);
    assertThat(attribute(spans.get(0), "http.response.status_code")).isEqualTo(400L);
    assertThat(attribute(spans.get(0), "error.type")).isEqualTo("invalid_value");
    assertThat(spans.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void aRefusalByTheEngineIsOnTheRoot() throws Exception {
    rig.engine().refuse = "full";
    rig.engine().refuseAs = FinishReason.BUSY;
    var response = rig.post(CHAT, Rig.chatBody(""));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    SpanData root = named(rig.spans(1), "POST " + CHAT);
    assertThat(root.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(attribute(root, "error.type")).isEqualTo("overloaded");
  }

  @Test
  void aClientThatIsGoneCutsItShort() throws Exception {
    rig.engine().pauseAfter = 3;
    rig.engine().running = false;
    var stream =
        rig.client.send(
            rig.posting(CHAT, Rig.chatBody(", \"stream\": true")), BodyHandlers.ofInputStream());
    assertThat(stream.body().readNBytes(20)).hasSize(20);
    stream.body().close();
    List<SpanData> spans = rig.spans(1);
    assertWhole(spans);
    SpanData root = named(spans, "POST " + CHAT);
    assertThat(root.getStatus().getDescription()).isEqualTo("the client is gone");
    SpanData cut = named(spans, "POSTPROCESSING");
    assertThat(attribute(cut, "truncated")).isEqualTo(true);
    assertThat(cut.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(cut.getLinks().get(0).getSpanContext().getSpanId())
        .isEqualTo(named(spans, "DECODE").getSpanId());
    Awaitility.await().until(() -> rig.engine().cancels.size() == 1);
  }

  @Test
  void aKilledEngineCutsItShortAndTheClientHearsIt() throws Exception {
    rig.engine().pauseAfter = 3;
    rig.engine().running = false;
    CompletableFuture<HttpResponse<String>> answer =
        rig.client.sendAsync(
            rig.posting(CHAT, Rig.chatBody(", \"stream\": true")), BodyHandlers.ofString());
    Awaitility.await().until(() -> !rig.engine().generates.isEmpty());
    rig.engine().die();
    assertThat(answer.get().body()).contains("\"error\"").endsWith("data: [DONE]\n\n");
    List<SpanData> spans = rig.spans(1);
    assertWhole(spans);
    SpanData root = named(spans, "POST " + CHAT);
    assertThat(root.getStatus().getDescription()).contains("ended with exit code 137");
    assertThat(root.getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("engine_failed");
  }

  @Test
  void manyAtOnceAreATraceEach() throws Exception {
    List<CompletableFuture<Integer>> answers =
        IntStream.range(0, 40)
            .mapToObj(i -> Rig.chatBody(i % 2 == 0 ? ", \"stream\": true" : ""))
            .map(body -> rig.client.sendAsync(rig.posting(CHAT, body), BodyHandlers.ofString()))
            .map(f -> f.thenApply(HttpResponse::statusCode))
            .toList();
    for (CompletableFuture<Integer> answer : answers) {
      assertThat(answer.get()).isEqualTo(200);
    }
    Map<String, List<SpanData>> traces =
        rig.spans(40).stream().collect(Collectors.groupingBy(SpanData::getTraceId));
    assertThat(traces).hasSize(40);
    traces.values().forEach(TracesTest::assertWhole);
    traces.values().forEach(t -> named(t, "POSTPROCESSING"));
  }

  @Test
  void nothingElseIsTraced() throws Exception {
    rig.get("/health");
    rig.get("/v1/models");
    rig.post(CHAT, Rig.chatBody(""));
    assertThat(rig.spans(1).stream().map(SpanData::getTraceId).distinct()).hasSize(1);
  }
}
