package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.message.FinishReason;
import dev.serving.trace.config.SamplingConfig;
import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceTree;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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

  /** The spans of the one request so far, of which every parent is there and holds its children. */
  private TraceTree tree() {
    return TraceTree.check(seen(rig, 1));
  }

  private static List<SeenSpan> seen(Rig rig, int roots) {
    return rig.spans(roots).stream().map(SeenSpan::of).toList();
  }

  @Test
  void theOldNamesOfAttributesAreThereTooForWhoOptsIn() throws Exception {
    try (Rig both = Rig.traced(c -> c.semconv(Set.of("gen_ai/dup"))).ready()) {
      both.post(CHAT, Rig.chatBody(", \"max_tokens\": 3"));
      SeenSpan root = TraceTree.check(seen(both, 1)).root();
      assertThat(root.attribute("gen_ai.usage.output_tokens")).isEqualTo(3L);
      assertThat(root.attribute("gen_ai.usage.completion_tokens")).isEqualTo(3L);
    }
    rig.post(CHAT, Rig.chatBody(", \"max_tokens\": 3"));
    assertThat(tree().root().has("gen_ai.usage.completion_tokens")).isFalse();
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
    TraceTree tree = tree();
    SeenSpan root = tree.root();
    assertThat(root.name()).isEqualTo("POST " + CHAT);
    assertThat(root.error()).isFalse();
    SeenSpan preprocessing = tree.only("PREPROCESSING");
    SeenSpan decode = tree.only("DECODE");
    SeenSpan postprocessing = tree.only("POSTPROCESSING");
    assertThat(decode.linksTo(preprocessing)).isTrue();
    assertThat(postprocessing.linkedIds()).containsExactly(decode.spanId());
    assertThat(tree.only("dispatch").isChildOf(preprocessing)).isTrue();
    assertThat(preprocessing.isChildOf(tree.only("preprocess"))).isTrue();
    assertThat(postprocessing.isChildOf(tree.only("postprocess"))).isTrue();
    assertThat(tree.only("postprocess").isChildOf(root)).isTrue();
  }

  @Test
  void theRootSaysWhatWasAskedAndAnswered() throws Exception {
    String metadata = ", \"metadata\": {\"session_id\": \"s-1\"}";
    var response =
        rig.post(
            CHAT,
            Rig.chatBody(
                ", \"temperature\": 0.7, \"user\": \"ann\", \"max_tokens\": 4" + metadata));
    SeenSpan root = tree().root();
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
    wanted.forEach((key, value) -> assertThat(root.attribute(key)).as(key).isEqualTo(value));
    assertThat(root.has("gen_ai.response.time_to_first_chunk")).isFalse(); // no stream
    assertThat(root.traceId()).isEqualTo(response.headers().firstValue("x-trace-id").orElseThrow());
  }

  /** W3C Trace Context: of two parents neither counts. */
  @Test
  void twoParentsAreNone() throws Exception {
    rig.post(CHAT, Rig.chatBody(""), "traceparent", PARENT, "traceparent", PARENT);
    SeenSpan root = tree().root();
    assertThat(root.parentId()).isEmpty();
    assertThat(root.traceId()).isNotEqualTo(TRACE);
  }

  /** W3C Trace Context, 3.3.1: the list may come in several headers, which are joined. */
  @Test
  void theCallersStateMayComeInParts() throws Exception {
    String[] headers = {"traceparent", PARENT, "tracestate", "vendor=1", "tracestate", "other=2"};
    rig.post(CHAT, Rig.chatBody(""), headers);
    tree();
    assertThat(rig.roots().get(0).getSpanContext().getTraceState().asMap())
        .containsEntry("vendor", "1")
        .containsEntry("other", "2");
  }

  @Test
  void onlyAStreamHasAFirstChunk() throws Exception {
    rig.post(CHAT, Rig.chatBody(", \"stream\": true"));
    Object first = tree().root().attribute("gen_ai.response.time_to_first_chunk");
    assertThat((double) first).isPositive();
  }

  @Test
  void nothingIsClaimedOfAnAnswerThatThereIsNot() throws Exception {
    rig.engine().refuse = "full";
    rig.engine().refuseAs = FinishReason.BUSY;
    rig.post(CHAT, Rig.chatBody(", \"stream\": true"));
    SeenSpan root = tree().root();
    assertThat(root.number("gen_ai.usage.input_tokens")).isPositive();
    assertThat(root.attributes().keySet())
        .noneMatch(key -> key.startsWith("gen_ai.response."))
        .doesNotContain("gen_ai.usage.output_tokens", "gen_ai.usage.cache_read.input_tokens");
  }

  @Test
  void aClientsMistakeIsNamedOnEverySpanAndNoneIsAnError() throws Exception {
    rig.post(CHAT, Rig.chatBody("").replace("Hi", "word ".repeat(600)));
    TraceTree tree = tree();
    for (SeenSpan span : List.of(tree.root(), tree.only("PREPROCESSING"))) {
      assertThat(span.text("error.type")).isEqualTo("context_length_exceeded");
    }
    assertThat(seen(rig, 1)).noneMatch(SeenSpan::error);
    assertThat(seen(rig, 1))
        .allMatch(s -> s.events().stream().noneMatch(e -> e.name().equals("exception")));
  }

  @Test
  void theCallersTraceGoesOn() throws Exception {
    rig.post(CHAT, Rig.chatBody(""), "traceparent", PARENT, "tracestate", "vendor=1");
    SeenSpan root = tree().root();
    assertThat(root.traceId()).isEqualTo(TRACE);
    assertThat(root.parentId()).isEqualTo("b7ad6b7169203331");
    assertThat(rig.roots().get(0).getSpanContext().getTraceState().get("vendor")).isEqualTo("1");
  }

  @Test
  void eachChoiceHasAPostprocessingOfItsOwn() throws Exception {
    rig.post(CHAT, Rig.chatBody(", \"n\": 2, \"stream\": true"));
    List<SeenSpan> stages = tree().named("POSTPROCESSING");
    assertThat(stages).hasSize(2);
    assertThat(stages.stream().map(SeenSpan::linkedIds).distinct()).hasSize(2);
  }

  @Test
  void aStopStringEndsItWithALinkToTheLastOutput() throws Exception {
    rig.post(CHAT, Rig.chatBody(", \"stop\": \" the\""));
    TraceTree tree = tree();
    assertThat(tree.only("POSTPROCESSING").linksTo(tree.only("DECODE"))).isTrue();
  }

  @Test
  void aBadRequestIsARootWithoutChildren() throws Exception {
    rig.post(CHAT, Rig.chatBody(", \"n\": 0"));
    TraceTree tree = tree();
    assertThat(tree.names()).hasSize(1);
    assertThat(tree.root().number("http.response.status_code")).isEqualTo(400);
    assertThat(tree.root().text("error.type")).isEqualTo("invalid_value");
    assertThat(tree.root().error()).isFalse();
  }

  @Test
  void aRefusalByTheEngineIsOnTheRoot() throws Exception {
    rig.engine().refuse = "full";
    rig.engine().refuseAs = FinishReason.BUSY;
    var response = rig.post(CHAT, Rig.chatBody(""));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    SeenSpan root = tree().root();
    assertThat(root.error()).isTrue();
    assertThat(root.text("error.type")).isEqualTo("overloaded");
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
    TraceTree tree = tree();
    assertThat(tree.root().message()).isEqualTo("the client is gone");
    SeenSpan cut = tree.only("POSTPROCESSING");
    assertThat(cut.truncated()).isTrue();
    assertThat(cut.error()).isTrue();
    assertThat(cut.linksTo(tree.only("DECODE"))).isTrue();
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
    SeenSpan root = tree().root();
    assertThat(root.message()).contains("ended with exit code 137");
    assertThat(root.text("error.type")).isEqualTo("engine_failed");
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
    Map<String, List<SeenSpan>> traces =
        seen(rig, 40).stream().collect(Collectors.groupingBy(SeenSpan::traceId));
    assertThat(traces).hasSize(40);
    traces.values().forEach(trace -> TraceTree.check(trace).only("POSTPROCESSING"));
  }

  @Test
  void nothingElseIsTraced() throws Exception {
    rig.get("/health");
    rig.get("/v1/models");
    rig.post(CHAT, Rig.chatBody(""));
    tree();
  }
}
