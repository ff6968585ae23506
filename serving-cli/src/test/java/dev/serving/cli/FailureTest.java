package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** This shows what clients and operators see when a process is killed in the middle of a decode. */
final class FailureTest {
  private static final int LONG = 460;
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration RECOVERY = Duration.ofSeconds(60);

  @Test
  void aKilledEngineFailsItsRequestsAndNobodyElses() throws Exception {
    try (OtlpReceiver receiver = new OtlpReceiver();
        ServingProcess serving =
            ServingProcess.serve(
                "--trace-enable",
                "--otlp-traces-endpoint",
                receiver.uri().toString(),
                "--data-parallel-size",
                "2")) {
      List<AnswerStream> streams =
          List.of(AnswerStream.of(serving.uri(), LONG), AnswerStream.of(serving.uri(), LONG));
      awaitDecode(streams);

      engines(serving).findFirst().orElseThrow().destroyForcibly();

      await().atMost(SOON).until(() -> streams.stream().anyMatch(AnswerStream::failed));
      await().atMost(RECOVERY).until(() -> streams.stream().allMatch(AnswerStream::ended));
      assertThat(streams.stream().filter(AnswerStream::failed)).hasSize(1);
      assertThat(streams.stream().filter(AnswerStream::complete)).hasSize(1);
      awaitRecovery(serving.uri());
      await().atMost(SOON).untilAsserted(() -> assertOneFailedRoot(receiver));
      assertThat(serving.terminate()).isZero();
    }
  }

  @Test
  void aKilledRankFailsTheRequestsOfItsEngineWhichComesBack() throws Exception {
    try (ServingProcess serving = ServingProcess.serve("--tensor-parallel-size", "2")) {
      List<AnswerStream> streams = List.of(AnswerStream.of(serving.uri(), LONG));
      awaitDecode(streams);

      ranks(serving).forEach(ProcessHandle::destroyForcibly);

      await().atMost(SOON).until(() -> streams.get(0).ended());
      assertThat(streams.get(0).failed()).isTrue();
      awaitRecovery(serving.uri());
    }
  }

  private static void awaitDecode(List<AnswerStream> streams) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(SOON)
        .until(() -> streams.stream().allMatch(stream -> stream.chunks() > 2));
    assertThat(streams).noneMatch(AnswerStream::ended);
  }

  private static Stream<ProcessHandle> engines(ServingProcess serving) {
    return serving.process().children();
  }

  private static Stream<ProcessHandle> ranks(ServingProcess serving) {
    return engines(serving).flatMap(ProcessHandle::children);
  }

  private static void awaitRecovery(URI server) {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest ready = HttpRequest.newBuilder(server.resolve("/ready")).build();
    await()
        .atMost(RECOVERY)
        .until(
            () -> client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
    AnswerStream next = AnswerStream.of(server, 8);
    await().atMost(SOON).until(next::complete);
  }

  private static void assertOneFailedRoot(OtlpReceiver receiver) {
    List<ReceivedSpan> failed =
        receiver.spans().stream()
            .filter(span -> span.parentId().isEmpty() && span.has("error.type"))
            .toList();
    assertThat(failed).hasSize(1);
    assertThat(failed.get(0).attribute("truncated").getBoolValue()).isTrue();
    assertThat(failed.get(0).attribute("abort_reason").getStringValue()).contains("engine");
  }
}
