package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceTree;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * This shows what clients, operators and traces see when a process is killed with -9 in the middle
 * of a decode: the client hears it at once, and the trace is whole up to where the dead were.
 */
final class FailureTest {
  private static final int LONG = 460;
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration RECOVERY = Duration.ofSeconds(60);

  /** The goal is one second; more is allowed here for machines that do something else besides. */
  private static final Duration TOLD = Duration.ofSeconds(5);

  private OtlpReceiver receiver;
  private ServingProcess serving;

  @BeforeEach
  void receiver() throws Exception {
    receiver = new OtlpReceiver();
  }

  @AfterEach
  void end() {
    serving.close();
    receiver.close();
  }

  private void serve(String... options) throws Exception {
    serving = ServingProcess.serveTraced(receiver, options);
  }

  @Test
  void aKilledEngineFailsItsRequestsAndNobodyElses() throws Exception {
    serve("--data-parallel-size", "2");
    List<AnswerStream> streams =
        List.of(AnswerStream.of(serving.uri(), LONG), AnswerStream.of(serving.uri(), LONG));
    awaitDecode(streams);

    kill(engines().findFirst().orElseThrow(), streams);

    await().atMost(RECOVERY).until(() -> streams.stream().allMatch(AnswerStream::ended));
    assertThat(streams.stream().filter(AnswerStream::failed)).hasSize(1);
    assertThat(streams.stream().filter(AnswerStream::complete)).hasSize(1);
    awaitRecovery(serving.uri());
    for (AnswerStream stream : streams) {
      if (stream.failed()) {
        awaitTrace(stream, tree -> assertCutShort(tree, "engine"));
      } else {
        awaitTrace(stream, tree -> assertThat(tree.truncated()).isEmpty());
      }
    }
    assertThat(serving.terminate()).isZero();
    receiver.traces().values().forEach(TraceTree::check);
  }

  @Test
  void aKilledEngineOfSeveralRanksLeavesNoOrphans() throws Exception {
    serve("--tensor-parallel-size", "2");
    List<AnswerStream> streams = List.of(AnswerStream.of(serving.uri(), LONG));
    awaitDecode(streams);

    kill(engines().findFirst().orElseThrow(), streams);

    awaitTrace(streams.get(0), tree -> assertCutShortOnBothRanks(tree, "engine"));
    awaitRecovery(serving.uri());
    assertThat(serving.terminate()).isZero();
    receiver.traces().values().forEach(TraceTree::check);
  }

  @Test
  void aKilledRankFailsTheRequestsOfItsEngineWhichComesBack() throws Exception {
    serve("--tensor-parallel-size", "2");
    List<AnswerStream> streams = List.of(AnswerStream.of(serving.uri(), LONG));
    awaitDecode(streams);

    kill(engines().flatMap(ProcessHandle::children).findFirst().orElseThrow(), streams);

    await().atMost(SOON).until(() -> streams.get(0).ended());
    awaitTrace(streams.get(0), tree -> assertCutShortOnBothRanks(tree, "rank 1"));
    awaitRecovery(serving.uri());
    assertThat(serving.terminate()).isZero();
    receiver.traces().values().forEach(TraceTree::check);
  }

  @Test
  void aStoppedRankIsEndedAndItsTraceIsWhole() throws Exception {
    serve("--tensor-parallel-size", "2");
    List<AnswerStream> streams = List.of(AnswerStream.of(serving.uri(), LONG));
    awaitDecode(streams);
    ProcessHandle rank = engines().flatMap(ProcessHandle::children).findFirst().orElseThrow();

    stop(rank);

    await().atMost(SOON).until(() -> streams.get(0).failed() && !rank.isAlive());
    awaitTrace(streams.get(0), tree -> assertCutShortOnBothRanks(tree, "rank 1"));
    awaitRecovery(serving.uri());
    assertThat(serving.terminate()).isZero();
    receiver.traces().values().forEach(TraceTree::check);
  }

  /** A stopped process hears of nobody's end, and a killed server can tell nobody. */
  @Test
  void whatIsLeftOfAServerThatWasKilledIsEndedByTheNextStart() throws Exception {
    serve("--tensor-parallel-size", "2");
    ProcessHandle engine = engines().findFirst().orElseThrow();
    ProcessHandle rank = engine.children().findFirst().orElseThrow();
    stop(rank);
    serving.process().destroyForcibly().waitFor();
    engine.destroyForcibly();
    assertThat(rank.isAlive()).isTrue();
    serve();
    assertThat(rank.isAlive()).isFalse();
    assertThat(serving.terminate()).isZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void childrenOfAKilledServerEndAndClearUp() throws Exception {
    serve("--tensor-parallel-size", "2");
    AnswerStream stream = AnswerStream.of(serving.uri(), LONG);
    awaitDecode(List.of(stream));
    List<ProcessHandle> children = serving.process().descendants().toList();
    Path run = runDirectory(serving.process().pid());
    serving.process().destroyForcibly().waitFor();
    await().atMost(RECOVERY).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(children).hasSize(2);
    assertThat(run).doesNotExist();
    assertThat(receiver.trace(stream.traceId()))
        .extracting(SeenSpan::name)
        .contains("scheduler", "SCHEDULE", "PREFILL", "DECODE", "worker", "worker tp1");
  }

  /** Where the processes of one server keep files, known by the notes of its children. */
  private static Path runDirectory(long server) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("/dev/shm"), 2)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("process." + server + "."))
          .map(Path::getParent)
          .findFirst()
          .orElseThrow();
    }
  }

  private static void stop(ProcessHandle process) throws Exception {
    String pid = Long.toString(process.pid());
    assertThat(new ProcessBuilder("kill", "-STOP", pid).start().waitFor()).isZero();
  }

  private void awaitDecode(List<AnswerStream> streams) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(SOON)
        .until(() -> streams.stream().allMatch(stream -> stream.chunks() > 2));
    assertThat(streams).noneMatch(AnswerStream::ended);
  }

  /** Kills a process and measures how long it takes until a client hears of it. */
  private static void kill(ProcessHandle process, List<AnswerStream> streams) {
    long killed = System.nanoTime();
    assertThat(process.destroyForcibly()).isTrue();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(SOON)
        .until(() -> streams.stream().anyMatch(AnswerStream::failed));
    long told = streams.stream().mapToLong(AnswerStream::failedNanos).max().orElseThrow();
    Duration latency = Duration.ofNanos(told - killed);
    System.out.println("the client was told " + latency.toMillis() + " ms after the kill");
    assertThat(latency).isLessThan(TOLD);
  }

  private Stream<ProcessHandle> engines() {
    return serving.process().children();
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

  private void awaitTrace(AnswerStream stream, Consumer<TraceTree> more) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> more.accept(TraceTree.check(receiver.trace(stream.traceId()))));
  }

  private static void assertCutShort(TraceTree tree, String reason) {
    assertThat(tree.root().truncated()).isTrue();
    assertThat(tree.root().text("abort_reason")).contains(reason);
    assertThat(tree.root().text("error.type")).isEqualTo("engine_failed");
    assertThat(tree.truncated()).contains("DECODE", "POSTPROCESSING", "scheduler", "worker");
    assertThat(tree.only("scheduler").text("abort_reason")).contains("exit code 137");
    assertThat(tree.named("step")).hasSizeGreaterThan(1);
  }

  private static void assertCutShortOnBothRanks(TraceTree tree, String reason) {
    assertThat(tree.root().text("abort_reason")).contains(reason);
    assertThat(tree.only("scheduler").truncated()).isTrue();
    assertThat(tree.only("worker").truncated()).isTrue();
    assertThat(tree.only("worker tp1").truncated()).isTrue();
    assertThat(tree.only("worker tp1").tpRank()).isEqualTo(1);
    assertThat(tree.named("DECODE")).hasSize(2).allMatch(SeenSpan::truncated);
    assertThat(tree.named("PREFILL")).hasSize(2);
  }
}
