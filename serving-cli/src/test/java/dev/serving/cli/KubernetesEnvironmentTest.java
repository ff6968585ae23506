package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * This shows a server in the environment that a cluster gives to its processes: what nobody meant
 * for it changes nothing, what was meant for its tracing counts where it can, and else is warned
 * of.
 */
final class KubernetesEnvironmentTest {
  private static final String CHAT =
      "{\"messages\": [{\"role\": \"user\", \"content\": \"h\u00e9\"}], \"max_tokens\": 2,"
          + " \"logprobs\": true}";

  @TempDir Path directory;

  private static Map<String, String> variables() throws IOException {
    Properties file = new Properties();
    try (InputStream in =
        KubernetesEnvironmentTest.class.getResourceAsStream("/kubernetes.properties")) {
      file.load(in);
    }
    Map<String, String> variables = new HashMap<>();
    file.forEach((name, value) -> variables.put((String) name, (String) value));
    return variables;
  }

  @Test
  void aServerThatDoesNotTraceAnswersAndWarnsOfNoTracing() throws Exception {
    Path log = directory.resolve("log");
    try (ServingProcess server = ServingProcess.serveWith(variables(), log)) {
      assertAnswers(server);
      assertThat(server.get("/tracing")).contains("false");
      assertThat(server.terminate()).isZero();
    }
    assertThat(Files.readString(log)).doesNotContain("OTEL_", "Exception");
  }

  @Test
  void whatIsMeantForTracingCountsWhereItCan() throws Exception {
    Path log = directory.resolve("log");
    try (OtlpReceiver receiver = new OtlpReceiver();
        ServingProcess server =
            ServingProcess.serveWith(
                variables(),
                log,
                "--trace-enable",
                "--otlp-traces-endpoint",
                receiver.uri().toString())) {
      assertAnswers(server);
      await().until(() -> !receiver.spans().isEmpty());
      assertThat(server.terminate()).isZero();
    }
    assertThat(Files.readString(log))
        .contains("OTEL_TRACES_SAMPLER", "OTEL_EXPORTER_OTLP_PROTOCOL")
        .doesNotContain("Exception");
  }

  private static void assertAnswers(ServingProcess server) {
    assertThat(server.uri().getHost()).as("no variable of the cluster's").isEqualTo("127.0.0.1");
    JsonNode answer =
        JsonMapper.shared().readTree(server.post("/v1/chat/completions", CHAT).body());
    assertThat(answer.at("/model").asString()).isEqualTo("serving-demo");
    assertThat(answer.at("/usage/completion_tokens").intValue()).isEqualTo(2);
  }
}
