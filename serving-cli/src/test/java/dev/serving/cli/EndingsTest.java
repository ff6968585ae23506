package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.testing.TraceTree;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * This shows that every way in which a request can end leaves a whole trace that tells how it
 * ended, in names that the guide explains. One server for all; it runs four sequences, lets one
 * wait, and computes four rows a step, so that a prompt beside three answers goes in one token at a
 * time. What happens when processes die is in {@link FailureTest} and {@link RankFailureTest}.
 */
final class EndingsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LONG_TIME = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final String LONG = "\"stream\": true, \"ignore_eos\": true, \"max_tokens\": 460";

  private static OtlpReceiver receiver;
  private static ServingProcess serving;

  @BeforeAll
  static void start() throws Exception {
    receiver = new OtlpReceiver();
    serving =
        ServingProcess.serveTraced(
            receiver, "--max-num-seqs", "4", "--max-num-batched-tokens", "4", "--max-waiting", "1");
  }

  @AfterAll
  static void end() throws Exception {
    try {
      assertThat(serving.terminate()).isZero();
      receiver.traces().values().forEach(TraceTree::check); // and nothing came late
      ExplainedNames.assertExplain(receiver.spans());
    } finally {
      serving.close();
      receiver.close();
    }
  }

  @Test
  void atAStopToken() {
    AnswerStream answer = answered("What is a slice?", "\"max_tokens\": 200");
    awaitTrace(answer, tree -> assertAnswered(tree, "stop"));
  }

  @Test
  void atAStopString() {
    AnswerStream answer = answered("Tell me a story.", "\"max_tokens\": 200, \"stop\": \" the\"");
    awaitTrace(answer, tree -> assertAnswered(tree, "stop"));
  }

  @Test
  void atTheLengthAskedFor() {
    AnswerStream answer = answered("Who are you?", "\"ignore_eos\": true, \"max_tokens\": 5");
    awaitTrace(
        answer,
        tree -> {
          assertAnswered(tree, "length");
          assertThat(tree.only("DECODE").number("tokens")).isEqualTo(4);
          assertThat(tree.only("scheduler").text("finish_reason")).isEqualTo("length");
        });
  }

  @Test
  void afterASingleToken() {
    AnswerStream answer = answered("Who are you?", "\"ignore_eos\": true, \"max_tokens\": 1");
    awaitTrace(
        answer,
        tree -> {
          assertThat(tree.named("DECODE")).isEmpty();
          assertThat(tree.only("POSTPROCESSING").linkedIds()).containsExactly(id(tree, "PREFILL"));
          assertThat(tree.truncated()).isEmpty();
        });
  }

  @Test
  void aClientThatLeavesWhileItWaits() {
    List<AnswerStream> others = busy(4);
    AnswerStream waiting = AnswerStream.ask(serving.uri(), LONG);
    awaitMetric("serving_requests_waiting", 1);
    waiting.hangUp();
    awaitTrace(
        waiting,
        tree -> {
          assertGone(tree);
          assertThat(tree.only("SCHEDULE").truncated()).isTrue();
          assertThat(tree.named("PREFILL")).isEmpty();
          assertThat(tree.only("PREPROCESSING").truncated()).isFalse();
        });
    hangUp(others);
  }

  @Test
  void aClientThatLeavesDuringItsPrefill() {
    List<AnswerStream> others = busy(3);
    String question = "What is a slice, and what is a lane? ".repeat(34);
    AnswerStream prefilling = AnswerStream.ask(serving.uri(), question, LONG);
    awaitMetric("serving_requests_running", 4);
    prefilling.hangUp();
    awaitTrace(
        prefilling,
        tree -> {
          assertGone(tree);
          assertThat(tree.only("PREFILL").truncated()).isTrue();
          assertThat(tree.named("chunk")).isNotEmpty();
          assertThat(tree.named("DECODE")).isEmpty();
          assertThat(tree.only("SCHEDULE").truncated()).isFalse();
        });
    hangUp(others);
  }

  @Test
  void aClientThatLeavesInMidDecode() {
    AnswerStream answer = busy(1).get(0);
    answer.hangUp();
    awaitTrace(
        answer,
        tree -> {
          assertGone(tree);
          assertThat(tree.truncated()).contains("DECODE", "POSTPROCESSING", "scheduler", "worker");
          assertThat(tree.only("PREFILL").truncated()).isFalse();
        });
  }

  @Test
  void aRequestThatTheEngineHasNoRoomFor() {
    List<AnswerStream> others = busy(4);
    AnswerStream waiting = AnswerStream.ask(serving.uri(), LONG);
    awaitMetric("serving_requests_waiting", 1);
    AnswerStream refused = AnswerStream.ask(serving.uri(), "\"max_tokens\": 5");
    awaitTrace(
        refused,
        tree -> {
          assertThat(refused.status()).isEqualTo(503);
          assertStatus(tree, 503, "overloaded");
          assertThat(tree.only("PREPROCESSING").truncated()).isFalse();
          assertThat(tree.names()).doesNotContain("SCHEDULE", "PREFILL", "POSTPROCESSING");
        });
    hangUp(others);
    waiting.hangUp();
  }

  @Test
  void aPromptThatDoesNotFit() {
    AnswerStream refused = AnswerStream.ask(serving.uri(), "long ".repeat(2000), "\"n\": 1");
    awaitTrace(
        refused,
        tree -> {
          assertStatus(tree, 400, "context_length_exceeded");
          assertThat(tree.only("PREPROCESSING").has("error.type")).isTrue();
          assertThat(tree.names()).doesNotContain("SCHEDULE");
        });
  }

  @Test
  void aBadRequest() {
    AnswerStream refused = AnswerStream.ask(serving.uri(), "\"max_tokens\": 0");
    awaitTrace(
        refused,
        tree -> {
          assertStatus(tree, 400, "invalid_value");
          assertThat(tree.names()).containsExactly("POST /v1/chat/completions");
          assertThat(tree.root().error()).as("no server error").isFalse();
        });
  }

  /**
   * So many choices, one at a time, that no machine comes to their end. On a slow one the first has
   * not begun when its time is over; the next request finds the server warmer.
   */
  @Test
  void aRequestThatTakesTooLong() throws Exception {
    try (ServingProcess impatient =
        ServingProcess.serveTraced(receiver, "--request-timeout", "1", "--max-num-seqs", "1")) {
      await().atMost(LONG_TIME).until(() -> timedOut(impatient).truncated().contains("worker"));
      assertThat(impatient.terminate()).isZero();
    }
  }

  private static TraceTree timedOut(ServingProcess impatient) {
    AnswerStream late =
        AnswerStream.ask(impatient.uri(), "\"ignore_eos\": true, \"max_tokens\": 460, \"n\": 128");
    awaitTrace(
        late,
        tree -> {
          assertThat(late.status()).isEqualTo(504);
          assertStatus(tree, 504, "timeout");
          assertThat(tree.root().text("abort_reason")).isEqualTo("timeout");
          assertThat(tree.truncated()).contains("SCHEDULE", "scheduler");
        });
    return TraceTree.check(receiver.trace(late.traceId()));
  }

  private static AnswerStream answered(String question, String more) {
    AnswerStream answer = AnswerStream.ask(serving.uri(), question, more);
    await().atMost(SOON).until(answer::ended);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer;
  }

  /** So many long answers that have begun, one after the other: only one may wait. */
  private static List<AnswerStream> busy(int count) {
    List<AnswerStream> streams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      AnswerStream stream = AnswerStream.ask(serving.uri(), LONG);
      await().atMost(SOON).pollInterval(POLL).until(() -> stream.chunks() > 2);
      streams.add(stream);
    }
    return streams;
  }

  private static void hangUp(List<AnswerStream> streams) {
    streams.forEach(AnswerStream::hangUp);
    awaitMetric("serving_requests_open", 0);
  }

  private static void awaitMetric(String name, int value) {
    HttpRequest scrape = HttpRequest.newBuilder(uri("/metrics")).build();
    HttpClient client = HttpClient.newHttpClient();
    await()
        .atMost(SOON)
        .pollInterval(POLL)
        .until(
            () ->
                client
                    .send(scrape, BodyHandlers.ofLines())
                    .body()
                    .anyMatch(line -> line.startsWith(name) && line.endsWith(" " + value + ".0")));
  }

  private static URI uri(String path) {
    return serving.uri().resolve(path);
  }

  private static void awaitTrace(AnswerStream answer, Consumer<TraceTree> more) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> more.accept(TraceTree.check(receiver.trace(answer.traceId()))));
  }

  private static void assertAnswered(TraceTree tree, String finishReason) {
    assertStatus(tree, 200, null);
    assertThat(tree.truncated()).isEmpty();
    assertThat(tree.root().attribute("gen_ai.response.finish_reasons"))
        .isEqualTo(List.of(finishReason));
    assertThat(tree.only("POSTPROCESSING").linkedIds()).containsExactly(id(tree, "DECODE"));
    assertThat(tree.only("DECODE").linkedIds()).containsExactly(id(tree, "PREFILL"));
    assertThat(tree.only("PREFILL").linkedIds()).containsExactly(id(tree, "SCHEDULE"));
    assertThat(tree.only("SCHEDULE").linkedIds()).containsExactly(id(tree, "PREPROCESSING"));
  }

  private static void assertStatus(TraceTree tree, int status, String errorType) {
    assertThat(tree.root().number("http.response.status_code")).isEqualTo(status);
    assertThat(tree.root().has("error.type")).isEqualTo(errorType != null);
    assertThat(tree.root().text("error.type")).isEqualTo(errorType == null ? "" : errorType);
  }

  private static void assertGone(TraceTree tree) {
    assertThat(tree.root().text("error.type")).isEqualTo("client_gone");
    assertThat(tree.root().text("abort_reason")).isEqualTo("the client is gone");
    assertThat(tree.only("scheduler").truncated()).isTrue();
    assertThat(tree.only("scheduler").text("finish_reason")).isEqualTo("abort");
  }

  private static String id(TraceTree tree, String name) {
    return tree.only(name).spanId();
  }
}
