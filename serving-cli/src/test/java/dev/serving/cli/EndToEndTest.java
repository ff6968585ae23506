package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * This shows how ten requests at once, served by three processes with two tensor-parallel ranks,
 * become ten traces, each whole and each true to the table in the design.
 */
final class EndToEndTest {
  private static final int REQUESTS = 10;
  private static final List<String> STAGES =
      List.of("PREPROCESSING", "SCHEDULE", "PREFILL", "DECODE", "POSTPROCESSING");

  @Test
  void tenRequestsAtOnceAreTenWholeTraces() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver();
        ServingProcess serving =
            ServingProcess.serve(
                "--trace-enable",
                "--otlp-traces-endpoint",
                receiver.uri().toString(),
                "--tensor-parallel-size",
                "2")) {
      List<HttpResponse<String>> answers = ask(serving);

      assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200));
      assertThat(answers)
          .allSatisfy(answer -> assertThat(answer.body()).contains("\"finish_reason\""));
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertWholeTraces(receiver.traces()));
      assertThat(serving.terminate()).isZero();
      assertWholeTraces(receiver.traces()); // and nothing came late
    }
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

  private static void assertWholeTraces(Map<String, List<ReceivedSpan>> traces) {
    assertThat(traces).hasSize(REQUESTS);
    assertThat(traces.values()).allSatisfy(EndToEndTest::assertWhole);
    assertThat(traces.values())
        .allSatisfy(
            spans ->
                assertThat(spans.stream().map(ReceivedSpan::pid).distinct().count())
                    .isGreaterThanOrEqualTo(3));
  }

  private static void assertWhole(List<ReceivedSpan> spans) {
    ReceivedSpan root = assertOneRoot(spans);
    Map<String, ReceivedSpan> byId =
        spans.stream().collect(Collectors.toMap(ReceivedSpan::id, Function.identity()));
    assertThat(spans)
        .filteredOn(span -> !span.id().equals(root.id()))
        .allSatisfy(
            span -> {
              assertThat(byId).containsKey(span.parentId());
              assertThat(span.inside(byId.get(span.parentId()))).isTrue();
            });
    assertLanes(spans, root);
    assertStages(spans, byId);
    assertLinks(spans);
  }

  private static ReceivedSpan assertOneRoot(List<ReceivedSpan> spans) {
    List<ReceivedSpan> roots = spans.stream().filter(s -> s.parentId().isEmpty()).toList();
    assertThat(roots).hasSize(1);
    assertThat(roots.get(0).name()).isEqualTo("POST /v1/chat/completions");
    assertThat(roots.get(0).span().getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
    return roots.get(0);
  }

  private static void assertLanes(List<ReceivedSpan> spans, ReceivedSpan root) {
    List<String> lanes =
        spans.stream()
            .filter(span -> span.parentId().equals(root.id()))
            .map(span -> span.name() + (span.tpRank() < 0 ? "" : " " + span.tpRank()))
            .toList();
    assertThat(lanes)
        .containsExactlyInAnyOrder(
            "preprocess", "scheduler", "worker 0", "worker 1", "postprocess");
  }

  private static void assertStages(List<ReceivedSpan> spans, Map<String, ReceivedSpan> byId) {
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
          .hasSize(onEveryRank ? 2 : 1)
          .allSatisfy(
              span -> assertThat(byId.get(span.parentId()).name()).isEqualTo(lanes.get(stage)));
    }
  }

  private static void assertLinks(List<ReceivedSpan> spans) {
    assertThat(named(spans, "PREPROCESSING").get(0).links()).isEmpty();
    assertThat(named(spans, "SCHEDULE").get(0).links())
        .containsExactly(named(spans, "PREPROCESSING").get(0).id());
    assertThat(named(spans, "PREFILL"))
        .allSatisfy(
            prefill ->
                assertThat(prefill.links()).containsExactly(named(spans, "SCHEDULE").get(0).id()));
    for (ReceivedSpan decode : named(spans, "DECODE")) {
      assertThat(decode.links()).containsExactly(sibling(spans, "PREFILL", decode.parentId()).id());
    }
    ReceivedSpan decodeOfRank0 =
        named(spans, "DECODE").stream()
            .filter(span -> laneRank(spans, span) == 0)
            .findFirst()
            .orElseThrow();
    assertThat(named(spans, "POSTPROCESSING").get(0).links()).containsExactly(decodeOfRank0.id());
  }

  private static List<ReceivedSpan> named(List<ReceivedSpan> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).toList();
  }

  private static ReceivedSpan sibling(List<ReceivedSpan> spans, String name, String laneId) {
    return named(spans, name).stream()
        .filter(span -> span.parentId().equals(laneId))
        .findFirst()
        .orElseThrow();
  }

  private static long laneRank(List<ReceivedSpan> spans, ReceivedSpan slice) {
    return spans.stream()
        .filter(span -> span.id().equals(slice.parentId()))
        .findFirst()
        .orElseThrow()
        .tpRank();
  }
}
