package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.viewer.Viewer;
import dev.serving.viewer.ViewerConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * This shows that a viewer tells from spans alone why requests were slow, as the server did that
 * made them: to the nanosecond, and elsewhere too.
 */
final class JudgedTracesTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Viewer viewer = viewer();
  private final Viewer elsewhere = viewer();

  private static Viewer viewer() {
    return Viewer.start(ViewerConfig.defaults().withPort(0));
  }

  @AfterEach
  void close() {
    viewer.close();
    elsewhere.close();
  }

  /** Of a request that is traced less closely nobody can tell why. */
  @Test
  void whatTheServerSaidIsWhatItsSpansSay() throws Exception {
    List<AnswerStream> answers;
    AnswerStream lessClosely;
    try (ServingProcess server =
        ServingProcess.serveCompiled(
            "--trace-enable",
            "--trace-level=3",
            "--trace-sample-ratio=0", // all these callers' are sampled, and so are their steps
            "--otlp-traces-endpoint=" + viewer.uri(),
            "--max-num-seqs=4",
            "--kv-cache-bytes=" + (1 << 20),
            "--tensor-parallel-size=2")) {
      answers = crowd(server.uri());
      trace(server.uri(), 2);
      lessClosely = AnswerStream.of(server.uri(), 5);
      await().atMost(TracedServer.SOON).until(lessClosely::complete);
      assertThat(server.terminate()).isZero();
    }
    String path = "viewer/traces/" + lessClosely.traceId() + "/blame";
    assertThat(get(viewer, path).path("error").asString()).contains("level 3");
    Set<String> causes = new HashSet<>();
    int named = 0;
    for (AnswerStream answer : answers) {
      JsonNode root = root(answer.traceId());
      JsonNode judged = get(viewer, "viewer/traces/" + answer.traceId() + "/blame");
      assertThat(judged.path("complete").asBoolean()).as(judged.toString()).isTrue();
      assertThat(causes(judged.path("total"))).isEqualTo(said(root));
      firstAndWorst(judged, root);
      tokens(judged, root);
      causes.addAll(said(root).keySet());
      named += named(judged);
      tellsTheSameElsewhere(answer.traceId(), judged);
    }
    assertThat(causes)
        .contains("own", "others.decode", "others.prefill", "queue.sequences", "recompute")
        .contains("preempted", "schedule", "client_out", "straggler");
    assertThat(named).as("culprits whose trace is told").isPositive();
  }

  /**
   * Long ones that have no room together, then short ones too; some with several choices, one whose
   * client goes; more than can run at once.
   */
  private static List<AnswerStream> crowd(URI server) {
    List<AnswerStream> answers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String more = i % 4 == 3 ? ", \"n\": 2" : "";
      String question = "Tell me about ".repeat(1 + 7 * (i % 3)) + "story number " + i;
      String body = "\"stream\": true, \"ignore_eos\": true, \"max_tokens\": ";
      answers.add(
          AnswerStream.ask(server, question, body + (i < 6 ? 200 : 30 + 40 * (i % 3)) + more));
    }
    await().atMost(TracedServer.SOON).until(() -> answers.get(1).chunks() > 5);
    answers.get(1).hangUp();
    await()
        .atMost(TracedServer.SOON)
        .until(() -> answers.stream().allMatch(a -> a.ended() || a == answers.get(1)));
    return answers;
  }

  private void trace(URI server, int level) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/tracing"))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"level\": " + level + "}"))
            .build();
    assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  private JsonNode root(String traceId) {
    return await()
        .atMost(TracedServer.SOON)
        .until(
            () -> find(get(viewer, "viewer/traces/" + traceId + "/otlp")),
            found -> found != null && attributes(found).containsKey("path.ended_ns"));
  }

  private static JsonNode find(JsonNode trace) {
    return trace
        .path("resourceSpans")
        .valueStream()
        .flatMap(spans -> spans.path("scopeSpans").valueStream())
        .flatMap(spans -> spans.path("spans").valueStream())
        .filter(span -> span.path("name").asString().startsWith("POST "))
        .findFirst()
        .orElse(null);
  }

  private static Map<String, JsonNode> attributes(JsonNode span) {
    Map<String, JsonNode> attributes = new HashMap<>();
    for (JsonNode pair : span.path("attributes")) {
      attributes.put(pair.path("key").asString(), pair.path("value").iterator().next());
    }
    return attributes;
  }

  private static Map<String, Long> said(JsonNode root) {
    Map<String, Long> causes = new HashMap<>();
    attributes(root)
        .forEach(
            (key, value) -> {
              if (key.matches("blame\\..*_ns") && !key.equals("blame.alone_ns")) {
                causes.put(key.substring(6, key.length() - 3), Long.valueOf(value.asString()));
              }
            });
    assertThat(causes).isNotEmpty();
    return causes;
  }

  private static Map<String, Long> causes(JsonNode part) {
    Map<String, Long> causes = new HashMap<>();
    part.path("causes").forEachEntry((name, nanos) -> causes.put(name, nanos.asLong()));
    return causes;
  }

  private static void firstAndWorst(JsonNode judged, JsonNode root) {
    Map<String, JsonNode> says = attributes(root);
    assertThat(judged.path("costEngineNanos").asString())
        .isEqualTo(says.get("cost.engine_ns").asString());
    assertThat(judged.path("method").asString()).isEqualTo(says.get("blame.method").asString());
    assertThat(judged.path("fit").asDouble()).isEqualTo(says.get("blame.fit").asDouble());
    same(judged.path("firstToken"), "nanos", says.get("first_token.ns"));
    same(judged.path("firstToken"), "top", says.get("first_token.cause"));
    same(judged.path("worstToken"), "nanos", says.get("worst_token.ns"));
    same(judged.path("worstToken"), "top", says.get("worst_token.cause"));
    same(judged.path("worstToken"), "index", says.get("worst_token.index"));
    same(judged.path("worstToken"), "step", says.get("worst_token.step"));
  }

  /** Every token of an answer's only choice, one after the other, and each cut into causes. */
  private static void tokens(JsonNode judged, JsonNode root) {
    long before = -1;
    for (JsonNode token : judged.path("tokens")) {
      long took = token.path("toNanos").asLong() - token.path("fromNanos").asLong();
      assertThat(causes(token).values().stream().mapToLong(n -> n).sum()).isEqualTo(took);
      assertThat(before < 0 || before == token.path("fromNanos").asLong()).isTrue();
      before = token.path("toNanos").asLong();
    }
    Map<String, JsonNode> says = attributes(root);
    boolean one = !says.containsKey("gen_ai.request.choice.count");
    if (one && !says.containsKey("abort_reason")) {
      assertThat(judged.path("tokens").size() + 1)
          .isEqualTo(Integer.parseInt(says.get("gen_ai.usage.output_tokens").asString()));
    }
  }

  private static void same(JsonNode part, String name, JsonNode said) {
    assertThat(part.path(name).asString(""))
        .as(name)
        .isEqualTo(said == null ? "" : said.asString());
  }

  private static int named(JsonNode judged) {
    return (int)
        judged
            .path("total")
            .path("culprits")
            .valueStream()
            .filter(who -> who.path("traceId").asString("").length() == 32)
            .count();
  }

  /**
   * The trace and its steps are a file that another viewer reads; without the steps it knows less.
   */
  private void tellsTheSameElsewhere(String traceId, JsonNode judged) throws Exception {
    send(get(viewer, "viewer/traces/" + traceId + "/otlp"));
    JsonNode alone = get(elsewhere, "viewer/traces/" + traceId + "/blame");
    boolean before = alone.path("complete").asBoolean(); // its steps may be those of one before
    assertThat(alone.path("total").path("nanos")).isEqualTo(judged.path("total").path("nanos"));
    send(get(viewer, "viewer/traces/" + traceId + "/otlp?steps=true"));
    JsonNode again = get(elsewhere, "viewer/traces/" + traceId + "/blame");
    assertThat(again.path("complete").asBoolean()).isTrue();
    assertThat(again.path("total").path("causes")).isEqualTo(judged.path("total").path("causes"));
    if (!before) {
      assertThat(alone.path("total").path("causes").path("unexplained").asLong())
          .isGreaterThan(again.path("total").path("causes").path("unexplained").asLong());
    }
  }

  private void send(JsonNode trace) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(elsewhere.uri().resolve("v1/traces"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(trace.toString()))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private JsonNode get(Viewer from, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(from.uri().resolve(path)).build();
    return JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
  }
}
