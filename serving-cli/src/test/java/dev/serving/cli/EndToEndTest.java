package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceTree;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * This shows how ten requests at once, served by several processes, become ten traces, each whole:
 * one root, its lanes, the five stages on them, each linked to the one before.
 */
final class EndToEndTest {
  private static final int REQUESTS = 10;
  private static final List<String> STAGES =
      List.of("PREPROCESSING", "SCHEDULE", "PREFILL", "DECODE", "POSTPROCESSING");

  @ParameterizedTest(name = "tensor parallel {0}, data parallel {1}, {2} threads")
  @CsvSource({"1, 1, 2", "2, 2, 1"})
  void tenRequestsAtOnceAreTenWholeTraces(int ranks, int engines, int threads) throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver();
        ServingProcess serving =
            ServingProcess.serveCompiled(
                "--trace-enable",
                "--otlp-traces-endpoint",
                receiver.uri().toString(),
                "--tensor-parallel-size",
                Integer.toString(ranks),
                "--data-parallel-size",
                Integer.toString(engines),
                "--threads",
                Integer.toString(threads))) {
      List<HttpResponse<String>> answers = ask(serving);

      assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200));
      assertThat(answers)
          .allSatisfy(answer -> assertThat(answer.body()).contains("\"finish_reason\""));
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertWholeTraces(own(receiver, answers), ranks));
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertMetrics(serving.get("/metrics"), ranks, engines));
      assertThat(serving.terminate()).isZero();
      assertWholeTraces(own(receiver, answers), ranks); // and nothing came late
    }
  }

  /** The traces of these answers; a server also tells what one that was killed has left behind. */
  private static Map<String, List<SeenSpan>> own(
      OtlpReceiver receiver, List<HttpResponse<String>> answers) {
    Map<String, List<SeenSpan>> traces = new HashMap<>(receiver.traces());
    traces
        .keySet()
        .retainAll(
            answers.stream()
                .map(answer -> answer.headers().firstValue("x-trace-id").orElseThrow())
                .toList());
    return traces;
  }

  private static List<HttpResponse<String>> ask(ServingProcess serving) {
    List<CompletableFuture<HttpResponse<String>>> pending =
        IntStream.range(0, REQUESTS)
            .mapToObj(i -> serving.postAsync("/v1/chat/completions", question(i)))
            .toList();
    return pending.stream().map(CompletableFuture::join).toList();
  }

  private static String question(int i) {
    return """
        {"model": "serving-demo", "messages": [{"role": "user", "content": "What is a slice? (%d)"}],
         "max_tokens": 24, "temperature": 0, "ignore_eos": true}"""
        .formatted(i);
  }

  /** Every process accounts for its spans, and every request has waited in some engine. */
  private static void assertMetrics(String metrics, int ranks, int engines) {
    assertThat(value(metrics, "serving_spans_delivered_total{process=\"frontend\"}")).isPositive();
    double waits = 0;
    for (int engine = 0; engine < engines; engine++) {
      String name = "engine-" + engine;
      waits += value(metrics, "serving_queue_time_seconds_count{dp_rank=\"" + engine + "\",model=");
      assertThat(metrics).contains("serving_spans_made_total{process=\"" + name + "\"}");
      for (int rank = 1; rank < ranks; rank++) {
        assertThat(metrics)
            .contains("serving_spans_made_total{process=\"" + name + "-rank-" + rank + "\"}");
      }
    }
    assertThat(waits).isEqualTo(REQUESTS);
  }

  private static double value(String metrics, String series) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElse(0);
  }

  private static void assertWholeTraces(Map<String, List<SeenSpan>> traces, int ranks) {
    assertThat(traces).hasSize(REQUESTS);
    assertThat(traces.values()).allSatisfy(spans -> assertWhole(spans, ranks));
    assertThat(traces.values())
        .allSatisfy(
            spans ->
                assertThat(spans.stream().map(SeenSpan::pid).distinct().count())
                    .isEqualTo(1 + ranks));
  }

  private static void assertWhole(List<SeenSpan> spans, int ranks) {
    TraceTree tree = TraceTree.check(spans);
    assertThat(tree.root().name()).isEqualTo("POST /v1/chat/completions");
    assertLanes(spans, tree.root(), ranks);
    assertStages(spans, tree, ranks);
    assertLinks(spans);
  }

  private static void assertLanes(List<SeenSpan> spans, SeenSpan root, int ranks) {
    Stream<String> workers = IntStream.range(0, ranks).mapToObj(rank -> "worker " + rank);
    List<String> lanes =
        spans.stream()
            .filter(span -> span.parentId().equals(root.spanId()))
            .map(span -> label(span) + (span.tpRank() < 0 ? "" : " " + span.tpRank()))
            .toList();
    assertThat(spans.stream().filter(span -> span.parentId().equals(root.spanId())))
        .extracting(SeenSpan::name)
        .doesNotHaveDuplicates();
    assertThat(lanes)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of("preprocess", "scheduler", "postprocess"), workers).toList());
  }

  /** What the thread of a lane does; its name may have ranks behind it. */
  private static String label(SeenSpan lane) {
    return lane.text("thread_label");
  }

  private static void assertStages(List<SeenSpan> spans, TraceTree tree, int ranks) {
    Map<String, String> lanes =
        Map.of(
            "PREPROCESSING", "preprocess",
            "SCHEDULE", "scheduler",
            "PREFILL", "worker",
            "DECODE", "worker",
            "POSTPROCESSING", "postprocess");
    for (String stage : STAGES) {
      boolean onEveryRank = lanes.get(stage).equals("worker");
      assertThat(named(spans, stage))
          .as(stage)
          .hasSize(onEveryRank ? ranks : 1)
          .allSatisfy(span -> assertThat(label(tree.parent(span))).isEqualTo(lanes.get(stage)));
    }
  }

  private static void assertLinks(List<SeenSpan> spans) {
    assertThat(named(spans, "PREPROCESSING").get(0).linkedIds()).isEmpty();
    assertThat(named(spans, "SCHEDULE").get(0).linkedIds())
        .containsExactly(named(spans, "PREPROCESSING").get(0).spanId());
    assertThat(named(spans, "PREFILL"))
        .allSatisfy(
            prefill ->
                assertThat(prefill.linkedIds())
                    .containsExactly(named(spans, "SCHEDULE").get(0).spanId()));
    for (SeenSpan decode : named(spans, "DECODE")) {
      assertThat(decode.linkedIds())
          .containsExactly(sibling(spans, "PREFILL", decode.parentId()).spanId());
    }
    SeenSpan decodeOfRank0 =
        named(spans, "DECODE").stream()
            .filter(span -> laneRank(spans, span) == 0)
            .findFirst()
            .orElseThrow();
    assertThat(named(spans, "POSTPROCESSING").get(0).linkedIds())
        .containsExactly(decodeOfRank0.spanId());
  }

  private static List<SeenSpan> named(List<SeenSpan> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).toList();
  }

  private static SeenSpan sibling(List<SeenSpan> spans, String name, String laneId) {
    return named(spans, name).stream()
        .filter(span -> span.parentId().equals(laneId))
        .findFirst()
        .orElseThrow();
  }

  private static long laneRank(List<SeenSpan> spans, SeenSpan slice) {
    return spans.stream()
        .filter(span -> span.spanId().equals(slice.parentId()))
        .findFirst()
        .orElseThrow()
        .tpRank();
  }
}
