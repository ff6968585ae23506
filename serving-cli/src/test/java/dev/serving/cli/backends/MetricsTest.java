package dev.serving.cli.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.cli.backends.Program.Output;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The real Prometheus asks a real server under traffic, with the very files that Compose mounts;
 * only {@code targets/} is another, since the server's port is.
 */
@Proves({"prometheus", "promtool", "jaeger"})
final class MetricsTest {
  private static final Path DASHBOARD = Stack.FILES.resolve("grafana/dashboards/serving.json");

  @TempDir private static Path directory;
  private static Stack stack;
  private static ServingProgram server;
  private static Program prometheus;
  private static Http api;
  private static Thread clients;
  private static volatile boolean stopped;

  @BeforeAll
  static void serve() throws IOException {
    stack = new Stack(directory, "collector", Map.of());
    server =
        ServingProgram.start(
            directory,
            Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), // by its port it would not be
            "serve",
            "--trace-enable",
            "--otlp-traces-endpoint=" + stack.endpoint(false, false),
            "--data-parallel-size=2");
    api = Http.at(Program.freePort());
    prometheus = prometheus();
    await().atMost(Duration.ofMinutes(1)).until(() -> api.answers("-/ready"));
    clients = new Thread(MetricsTest::traffic, "clients");
    clients.start();
  }

  private static void traffic() {
    Traffic traffic = new Traffic(server.http());
    while (!stopped) {
      try {
        traffic.mix();
      } catch (IllegalStateException e) {
        // An engine was killed by a test; its requests fail, the next ones do not.
      }
    }
  }

  private static Program prometheus() throws IOException {
    Path home = Files.createDirectories(directory.resolve("prometheus/targets")).getParent();
    for (String file : List.of("prometheus.yml", "rules.yml")) {
      Files.copy(Stack.FILES.resolve("prometheus").resolve(file), home.resolve(file));
    }
    String target = "- targets: [\"" + server.http().base().getAuthority() + "\"]\n";
    Files.writeString(home.resolve("targets/serving.yml"), target);
    return new Program(
        List.of(
            Program.named("prometheus"),
            "--config.file=" + home.resolve("prometheus.yml"),
            "--storage.tsdb.path=" + home.resolve("data"),
            "--enable-feature=exemplar-storage",
            "--web.listen-address=" + api.base().getAuthority()),
        Map.of(),
        directory.resolve("prometheus.log"));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    stopped = true;
    clients.join();
    prometheus.close();
    server.close();
    stack.close();
  }

  @Test
  void everyPanelOfTheDashboardReturnsData() throws IOException {
    List<String> expressions = new ArrayList<>();
    Http.parse(Files.readString(DASHBOARD))
        .path("panels")
        .forEach(
            panel ->
                panel.path("targets").forEach(t -> expressions.add(t.path("expr").asString())));
    for (String expression : expressions) {
      String filled = expression.replace("$__rate_interval", "1m").replace("$instance", ".*");
      awaitData(filled);
    }
    ProofTable.figures("%d expressions".formatted(expressions.size()));
  }

  /** Of an alert, what it compares: with nothing wrong, the comparison itself returns nothing. */
  @Test
  void everyRuleIsEvaluatedAndItsFiguresReturnData() {
    List<JsonNode> rules = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              rules.clear();
              api.json("api/v1/rules")
                  .path("data")
                  .path("groups")
                  .forEach(group -> group.path("rules").forEach(rules::add));
              assertThat(rules).hasSizeGreaterThan(10);
              assertThat(rules).allMatch(rule -> rule.path("health").asString().equals("ok"));
            });
    for (JsonNode rule : rules) {
      awaitData(rule.path("query").asString().replaceAll("(==|>) [\\d.e+-]+", ">= -Inf"));
      if (rule.path("type").asString().equals("alerting")) {
        assertThat(rule.path("annotations").path("action").asString()).as(rule + "").isNotBlank();
      }
    }
    ProofTable.figures("%d rules".formatted(rules.size()));
  }

  @Test
  void anEngineThatDiesRaisesItsAlert() {
    awaitData("serving_engine_restarts_total == 0"); // a rise is seen only from what was before
    // Its children are engines; their command lines are too long to be read.
    ProcessHandle engine = server.program().process().children().findFirst().orElseThrow();
    engine.destroyForcibly();

    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(firing()).contains("EngineRestarted"));
  }

  private static List<String> firing() {
    List<String> names = new ArrayList<>();
    api.json("api/v1/alerts")
        .path("data")
        .path("alerts")
        .forEach(
            alert -> {
              if (alert.path("state").asString().equals("firing")) {
                names.add(alert.path("labels").path("alertname").asString());
              }
            });
    return names;
  }

  @Test
  void theExemplarOfASlowRequestLeadsToItsTrace() {
    List<String> traces = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () -> {
              traces.clear();
              exemplars("gen_ai_server_request_duration_seconds_bucket").forEach(traces::add);
              assertThat(traces).isNotEmpty();
            });
    for (String trace : traces) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> stack.query().answers("api/traces/" + trace));
    }
    ProofTable.figures("%d exemplars, each with its trace in Jaeger".formatted(traces.size()));
  }

  private static Stream<String> exemplars(String metric) {
    long now = System.currentTimeMillis() / 1000;
    JsonNode data =
        api.json(
                "api/v1/query_exemplars?query=%s&start=%d&end=%d".formatted(metric, now - 600, now))
            .path("data");
    return data.findValues("exemplars").stream()
        .flatMap(JsonNode::valueStream)
        .map(exemplar -> exemplar.path("labels").path("trace_id").asString());
  }

  @Test
  void promtoolHasNothingToSayAboutTheMetrics() throws IOException {
    Path scraped = directory.resolve("metrics.txt");
    String text =
        Http.send(
                HttpRequest.newBuilder(server.http().base().resolve("metrics"))
                    .header("Accept", "text/plain; version=0.0.4")
                    .build())
            .body();
    Files.writeString(scraped, text);

    Output output =
        Program.run(List.of(Program.named("promtool"), "check", "metrics"), Map.of(), scraped);

    assertThat(output).isEqualTo(new Output(0, ""));
    ProofTable.figures(
        "%d families".formatted(text.lines().filter(l -> l.startsWith("# TYPE")).count()));
  }

  private static void awaitData(String expression) {
    String query = "api/v1/query?query=" + Http.encode(expression);
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () -> {
              JsonNode answer = api.json(query);
              assertThat(answer.path("status").asString()).as(answer + "").isEqualTo("success");
              assertThat(answer.path("data").path("result").isEmpty()).as(expression).isFalse();
            });
  }
}
