package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** This shows how the log tells the way of a request through both processes. */
final class LifecycleLogTest {
  private static final List<String> WAY =
      List.of(
          "PREPROCESSING_START",
          "PREPROCESSING_END",
          "REQUEST_SCHEDULE_START",
          "REQUEST_QUEUE_START",
          "REQUEST_QUEUE_END",
          "CACHE_MISS",
          "REQUEST_SCHEDULE_END",
          "INFERENCE_START",
          "FIRST_TOKEN_GENERATED",
          "DECODE_START",
          "INFERENCE_END",
          "POSTPROCESSING_START",
          "POSTPROCESSING_END");

  @TempDir private Path directory;

  @Test
  void everyBorderIsALineWithTheIdsOfRequestAndTrace() throws Exception {
    Path log = directory.resolve("log");
    try (OtlpReceiver receiver = new OtlpReceiver();
        ServingProcess serving =
            ServingProcess.serveLogging(
                log,
                "--lifecycle-log",
                "json",
                "--trace-enable",
                "--otlp-traces-endpoint",
                receiver.uri().toString())) {
      var answer =
          serving.post(
              "/v1/completions",
              """
              {"model": "serving-demo", "prompt": "Once", "max_tokens": 9, "ignore_eos": true}""");
      String rid = JsonMapper.shared().readTree(answer.body()).at("/id").asString();
      await().untilAsserted(() -> assertThat(events(log)).hasSize(WAY.size()));

      assertThat(events(log).stream().map(line -> text(line, "event")))
          .containsExactlyInAnyOrderElementsOf(WAY);
      assertThat(events(log)).allMatch(line -> text(line, "request_id").equals(rid));
      assertThat(events(log).stream().map(line -> text(line, "trace_id")).distinct())
          .containsExactly(answer.headers().firstValue("x-trace-id").orElseThrow());
      assertThat(inTheEngine(log)).isEqualTo(WAY.subList(2, 11));
    }
  }

  /** The engine's events by their own times; lines of two processes mix as they come. */
  private static List<String> inTheEngine(Path log) throws Exception {
    return events(log).stream()
        .sorted(Comparator.comparing(line -> Instant.parse(text(line, "timestamp"))))
        .map(line -> text(line, "event"))
        .filter(WAY.subList(2, 11)::contains)
        .toList();
  }

  private static List<JsonNode> events(Path log) throws Exception {
    return Files.readAllLines(log).stream()
        .filter(line -> line.contains("requests: {"))
        .map(line -> JsonMapper.shared().readTree(line.substring(line.indexOf('{'))))
        .toList();
  }

  private static String text(JsonNode line, String field) {
    return line.at("/" + field).asString();
  }
}
