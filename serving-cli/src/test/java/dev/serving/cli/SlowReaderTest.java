package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.viewer.Viewer;
import dev.serving.viewer.ViewerConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * This shows what an answer costs that nobody reads: no more than what its client lets wait. It
 * goes on when it is read, and is the same.
 */
final class SlowReaderTest {
  /** Of a token all that there is to say of it: more than what lies between server and client. */
  private static final String WORDY =
      "\"stream\": true, \"ignore_eos\": true, \"max_tokens\": 400, \"n\": 2,"
          + " \"logprobs\": true, \"top_logprobs\": 20";

  private static final String MADE = "serving_tokens_total{kind=\"output\"";
  private static final int SHORT = 30;

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static Viewer viewer;
  private static ServingProcess serving;

  @BeforeAll
  static void start() throws Exception {
    viewer = Viewer.start(ViewerConfig.defaults().withPort(0));
    serving =
        ServingProcess.serveCompiled(
            "--trace-enable", "--trace-level=3", "--otlp-traces-endpoint=" + viewer.uri());
  }

  @AfterAll
  static void end() {
    serving.close();
    viewer.close();
  }

  @Test
  void nothingIsMadeForWhoDoesNotReadAndAllForWhoReadsOn() throws Exception {
    AnswerStream slow = AnswerStream.unread(serving.uri(), WORDY);
    String paused =
        await().atMost(TracedServer.SOON).until(SlowReaderTest::metrics, page -> isPaused(page, 2));
    long from = System.nanoTime();
    double steps = value(paused, "serving_steps_total{");
    assertIsAnswered();
    double made = value(metrics(), MADE);
    assertThat(made).isLessThan(2 * 400);
    assertIsAnswered();
    await()
        .atMost(TracedServer.SOON)
        .untilAsserted(
            () -> {
              String page = metrics();
              assertThat(value(page, MADE)).isEqualTo(made + SHORT);
              assertThat(value(page, "serving_steps_total{")).isEqualTo(steps + 2 * SHORT);
              assertThat(isPaused(page, 2)).isTrue();
            });

    long held = System.nanoTime() - from;
    slow.readOn();
    await().atMost(TracedServer.SOON).until(slow::ended);
    assertThat(slow.complete()).isTrue();
    AnswerStream read = AnswerStream.ask(serving.uri(), WORDY);
    await().atMost(TracedServer.SOON).until(read::ended);
    assertThat(slow.choices()).containsExactlyInAnyOrderElementsOf(read.choices());
    await().atMost(TracedServer.SOON).until(() -> isPaused(metrics(), 0));
    assertTold(slow.traceId(), held);
  }

  private static void assertIsAnswered() {
    AnswerStream good = AnswerStream.of(serving.uri(), SHORT);
    await().atMost(TracedServer.SOON).until(good::ended);
    assertThat(good.complete()).isTrue();
  }

  private static String metrics() {
    return serving.get("/metrics");
  }

  /** So many are, and nothing else is to do. */
  private static boolean isPaused(String metrics, int sequences) {
    return value(metrics, "serving_requests_paused{") == sequences
        && value(metrics, "serving_requests_running{") == 0
        && value(metrics, "serving_requests_waiting{") == 0;
  }

  private static double value(String metrics, String series) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /**
   * By the server, by the trace alone to the nanosecond, and by the trace's events; all of the time
   * in which nobody read is the client's.
   */
  private static void assertTold(String traceId, long held) throws Exception {
    JsonNode said =
        await()
            .atMost(TracedServer.SOON)
            .until(
                () -> get(serving.uri(), "/blame?request=" + traceId).path("requests"),
                all -> !all.isEmpty())
            .get(0);
    assertThat(said.path("total").path("causes").path("client_out").asLong()).isGreaterThan(held);
    JsonNode judged =
        await()
            .atMost(TracedServer.SOON)
            .until(
                () -> get(viewer.uri(), "/viewer/traces/" + traceId + "/blame"),
                found -> found.path("complete").asBoolean());
    assertThat(judged.path("total").path("causes")).isEqualTo(said.path("total").path("causes"));
    String spans = get(viewer.uri(), "/viewer/traces/" + traceId + "/otlp").toString();
    assertThat(spans).contains("\"name\":\"paused\"", "\"name\":\"resumed\"");
  }

  private static JsonNode get(URI server, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(server.resolve(path)).build();
    return JsonMapper.shared().readTree(CLIENT.send(request, BodyHandlers.ofString()).body());
  }
}
