package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.testing.SeenSpan;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * This shows a server whose traces go where they are sent, and to its own viewer as well; and that
 * one whose traces reach nobody else answers, and ends, as any other.
 */
final class TwoReceiversTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String QUESTION =
      """
      {"model": "serving-demo", "messages": [{"role": "user", "content": "What is a lane?"}],
       "max_tokens": 8}""";

  @Test
  void bothHaveEverySpanOfARequestAndTheBalanceIsTheFirstOnes() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver();
        ServingProcess server =
            ServingProcess.serveTraced(receiver, "--threads", "1", "--viewer-port", "0")) {
      URI viewer = URI.create(server.said("Traces at ").substring("Traces at ".length()));
      String trace = ask(server);
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                assertThat(receiver.trace(trace)).anyMatch(s -> s.name().equals("DECODE"));
                assertThat(shown(viewer, trace)).isEqualTo(ids(receiver.trace(trace)));
              });
      assertThat(drawn(viewer, trace)).contains("PREFILL", "DECODE");
      assertThat(server.terminate()).isZero();
    }
  }

  @Test
  void whereTheOtherDoesNotAnswerTheViewerHasThemAndEverybodyIsServed() throws Exception {
    try (ServingProcess server =
        ServingProcess.serve(
            "--threads",
            "1",
            "--trace-enable",
            "--otlp-traces-endpoint",
            "http://127.0.0.1:1",
            "--viewer-port",
            "0")) {
      URI viewer = URI.create(server.said("Traces at ").substring("Traces at ".length()));
      String trace = ask(server);
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(shown(viewer, trace)).hasSizeGreaterThan(8));
      assertThat(server.get("/metrics"))
          .containsPattern("serving_spans_in_flight\\{[^}]*} [1-9]")
          .doesNotContainPattern("serving_spans_delivered_total\\{[^}]*} [1-9]");
      assertThat(server.post("/v1/chat/completions", "{\"model").statusCode()).isEqualTo(400);
      assertThat(server.terminate()).isZero();
    }
  }

  /** What {@code serving trace} writes to its standard output, in a process of its own. */
  private static String drawn(URI viewer, String trace) throws Exception {
    List<String> words = List.of("trace", "--url", viewer.toString(), "--id", trace);
    Process command = new ProcessBuilder(ServingProcess.line(words)).start();
    return new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String ask(ServingProcess server) {
    HttpResponse<String> answer = server.post("/v1/chat/completions", QUESTION);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.headers().firstValue("x-trace-id").orElseThrow();
  }

  private static Set<String> ids(List<SeenSpan> spans) {
    Set<String> ids = new TreeSet<>();
    spans.forEach(span -> ids.add(span.spanId()));
    return ids;
  }

  private static Set<String> shown(URI viewer, String trace) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(viewer.resolve("/api/traces/" + trace)).build();
    String body =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    Set<String> ids = new TreeSet<>();
    for (JsonNode span : JsonMapper.shared().readTree(body).path("data").path(0).path("spans")) {
      ids.add(span.path("spanID").asString());
    }
    return ids;
  }
}
