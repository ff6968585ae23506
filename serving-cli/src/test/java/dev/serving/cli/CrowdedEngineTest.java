package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.testing.SeenSpan;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * This shows how the traces of an engine with little room tell what happened: a long prompt went in
 * by chunks, and a request lost its KV blocks and went round again.
 */
final class CrowdedEngineTest {
  private static final int REQUESTS = 8;

  @Test
  void tracesShowChunksAndPreemptions() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver();
        ServingProcess serving =
            ServingProcess.serveCompiled(
                ServingProcess.traced(
                    receiver,
                    "--max-num-seqs",
                    Integer.toString(REQUESTS),
                    "--max-num-batched-tokens",
                    "32",
                    "--kv-cache-bytes",
                    Integer.toString(3 << 20)))) {
      List<CompletableFuture<HttpResponse<String>>> pending =
          IntStream.range(0, REQUESTS)
              .mapToObj(i -> serving.postAsync("/v1/chat/completions", question(i)))
              .toList();
      assertThat(pending)
          .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                assertThat(receiver.traces()).hasSize(REQUESTS);
                assertThat(receiver.traces().values())
                    .allSatisfy(CrowdedEngineTest::assertChunks)
                    .anySatisfy(CrowdedEngineTest::assertWentRoundAgain);
                assertSteps(receiver);
              });
      assertThat(serving.terminate()).isZero();
    }
  }

  private static String question(int i) {
    return """
        {"model": "serving-demo", "max_tokens": 200, "temperature": 0, "ignore_eos": true,
         "messages": [{"role": "user", "content": "%d: %s"}]}"""
        .formatted(i, "What is a slice, and what is a lane? ".repeat(10));
  }

  private static void assertChunks(List<SeenSpan> spans) {
    SeenSpan prefill = sorted(spans, "PREFILL").get(0);
    assertThat(spans)
        .filteredOn(span -> span.name().equals("chunk") && span.parentId().equals(prefill.spanId()))
        .hasSizeGreaterThan(2)
        .allSatisfy(chunk -> assertThat(chunk.number("tokens")).isBetween(1L, 32L));
  }

  private static void assertWentRoundAgain(List<SeenSpan> spans) {
    List<SeenSpan> schedules = sorted(spans, "SCHEDULE");
    assertThat(schedules).hasSizeGreaterThan(1);
    List<String> lost =
        spans.stream()
            .filter(span -> span.name().equals("DECODE"))
            .filter(span -> Boolean.TRUE.equals(span.attribute("preempted")))
            .map(SeenSpan::spanId)
            .toList();
    assertThat(schedules.get(1).linkedIds())
        .hasSize(1)
        .allSatisfy(id -> assertThat(lost).contains(id));
    assertThat(sorted(spans, "PREFILL")).hasSameSizeAs(schedules);
  }

  /** Every row that a request's own trace shows is in one of the engine's steps, linked to it. */
  private static void assertSteps(OtlpReceiver receiver) {
    List<SeenSpan> steps = sorted(receiver.spans(), "BATCH_STEP");
    Set<String> schedules =
        sorted(receiver.spans(), "SCHEDULE").stream()
            .map(SeenSpan::spanId)
            .collect(Collectors.toSet());
    assertThat(steps)
        .isNotEmpty()
        .allSatisfy(
            step -> {
              assertThat(step.linkedIds()).isSubsetOf(schedules);
              assertThat(step.linkedIds()).hasSize((int) number(step, "batch.size"));
            });
    assertThat(sum(steps, "batch.prefill_tokens"))
        .isEqualTo(sum(sorted(receiver.spans(), "chunk"), "tokens"));
    assertThat(sum(steps, "batch.decode_tokens"))
        .isEqualTo(sorted(receiver.spans(), "step").size());
  }

  private static long sum(List<SeenSpan> spans, String key) {
    return spans.stream().mapToLong(span -> number(span, key)).sum();
  }

  private static long number(SeenSpan span, String key) {
    return span.number(key);
  }

  private static List<SeenSpan> sorted(List<SeenSpan> spans, String name) {
    return spans.stream()
        .filter(span -> span.name().equals(name))
        .sorted(Comparator.comparingLong(span -> span.start()))
        .toList();
  }
}
