package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceTree;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A server whose processes can be killed or stopped, and the receiver of its traces. */
final class TracedServer implements AutoCloseable {
  /** Longer than anything here takes on a machine that does something else besides. */
  static final Duration SOON = Duration.ofSeconds(60);

  private static final int LONG = 460;

  private final OtlpReceiver receiver = new OtlpReceiver();
  private ServingProcess serving;

  TracedServer(String... options) throws Exception {
    start(options);
  }

  /** Starts a server in the place of the one before. */
  void start(String... options) throws Exception {
    serving = ServingProcess.serveTraced(receiver, options);
  }

  Process process() {
    return serving.process();
  }

  Stream<ProcessHandle> engines() {
    return serving.process().children();
  }

  /** The processes that engines have started, one for each further rank. */
  Stream<ProcessHandle> ranks() {
    return engines().flatMap(ProcessHandle::children);
  }

  /** As many long answers, all in the middle of their decode. */
  List<AnswerStream> decoding(int count) {
    List<AnswerStream> streams =
        Stream.generate(() -> AnswerStream.of(serving.uri(), LONG)).limit(count).toList();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(SOON)
        .until(() -> streams.stream().allMatch(stream -> stream.chunks() > 2));
    assertThat(streams).noneMatch(AnswerStream::ended);
    return streams;
  }

  /** Kills a process, waits until a client hears of it, and prints how long that took. */
  static void kill(ProcessHandle process, List<AnswerStream> streams) {
    long killed = System.nanoTime();
    assertThat(process.destroyForcibly()).isTrue();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(SOON)
        .until(() -> streams.stream().anyMatch(AnswerStream::failed));
    long told = streams.stream().mapToLong(AnswerStream::failedNanos).max().orElseThrow();
    Duration latency = Duration.ofNanos(told - killed);
    System.out.println("the client was told " + latency.toMillis() + " ms after the kill");
  }

  /** Stops a process, which lives on and does nothing. */
  static void stop(ProcessHandle process) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    assertThat(new ProcessBuilder("kill", "-STOP", pid).start().waitFor()).isZero();
  }

  /** Waits until the server is ready again, and answers. */
  void awaitRecovery() {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest ready = HttpRequest.newBuilder(serving.uri().resolve("/ready")).build();
    await()
        .atMost(SOON)
        .until(
            () -> client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
    AnswerStream next = AnswerStream.of(serving.uri(), 8);
    await().atMost(SOON).until(next::complete);
  }

  /** Waits until the whole trace of an answer is there and this holds of it. */
  void awaitTrace(AnswerStream stream, Consumer<TraceTree> more) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> more.accept(TraceTree.check(receiver.trace(stream.traceId()))));
  }

  /** What has come of an answer's trace, whole or not. */
  List<SeenSpan> spans(AnswerStream stream) {
    return receiver.trace(stream.traceId());
  }

  /** Ends the server, which goes well, and leaves no trace that is not whole. */
  void end() throws InterruptedException {
    assertThat(serving.terminate()).isZero();
    receiver.traces().values().forEach(TraceTree::check);
  }

  @Override
  public void close() {
    serving.close();
    receiver.close();
  }
}
