package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * This shows what clients, operators and traces see when a process is killed with -9 in the middle
 * of a decode: the client hears it at once, and the trace is whole up to where the dead were. What
 * becomes of an engine of several ranks is in {@link RankFailureTest}.
 */
final class FailureTest {
  @Test
  void aKilledEngineFailsItsRequestsAndNobodyElses() throws Exception {
    try (TracedServer server = new TracedServer("--data-parallel-size", "2")) {
      List<AnswerStream> streams = server.decoding(2);
      // What ended before a kill and has left the process by then is not lost.
      await()
          .atMost(TracedServer.SOON)
          .until(() -> streams.stream().allMatch(stream -> steps(server.spans(stream)) > 1));

      TracedServer.kill(server.engines().findFirst().orElseThrow(), streams);

      await().atMost(TracedServer.SOON).until(() -> streams.stream().allMatch(AnswerStream::ended));
      assertThat(streams.stream().filter(AnswerStream::failed)).hasSize(1);
      assertThat(streams.stream().filter(AnswerStream::complete)).hasSize(1);
      server.awaitRecovery();
      for (AnswerStream stream : streams) {
        if (stream.failed()) {
          server.awaitTrace(stream, FailureTest::assertCutShort);
        } else {
          server.awaitTrace(stream, tree -> assertThat(tree.truncated()).isEmpty());
        }
      }
      server.end();
    }
  }

  private static long steps(List<SeenSpan> spans) {
    return spans.stream().filter(span -> span.name().equals("step")).count();
  }

  /** That its process ended is what gave it away, not its silence. */
  private static void assertCutShort(TraceTree tree) {
    assertThat(tree.root().truncated()).isTrue();
    assertThat(tree.root().text("abort_reason")).contains("engine");
    assertThat(tree.root().text("error.type")).isEqualTo("engine_failed");
    assertThat(tree.truncated()).contains("DECODE", "POSTPROCESSING", "scheduler", "worker");
    assertThat(tree.only("scheduler").text("abort_reason")).contains("exit code 137");
    assertThat(tree.named("step")).hasSizeGreaterThan(1);
  }

  /** A stopped process hears of nobody's end, and a killed server can tell nobody. */
  @Test
  void whatIsLeftOfAServerThatWasKilledIsEndedByTheNextStart() throws Exception {
    try (TracedServer server = new TracedServer("--tensor-parallel-size", "2")) {
      ProcessHandle engine = server.engines().findFirst().orElseThrow();
      ProcessHandle rank = engine.children().findFirst().orElseThrow();
      TracedServer.stop(rank);
      server.process().destroyForcibly().waitFor();
      engine.destroyForcibly();
      // it cannot end by itself; only another server of this user's would have ended it by now
      server.start();
      await().atMost(TracedServer.SOON).until(() -> !rank.isAlive()); // once init has looked
      server.end();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void childrenOfAKilledServerEndAndClearUp() throws Exception {
    try (TracedServer server = new TracedServer("--tensor-parallel-size", "2")) {
      AnswerStream stream = server.decoding(1).get(0);
      List<ProcessHandle> children = server.process().descendants().toList();
      Path run = runDirectory(server.process().pid());
      server.process().destroyForcibly().waitFor();
      await()
          .atMost(TracedServer.SOON)
          .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
      assertThat(children).hasSize(2);
      // another server's start may have come first, ended them, and still be clearing up
      await().atMost(TracedServer.SOON).untilAsserted(() -> assertThat(run).doesNotExist());
      assertThat(server.spans(stream))
          .extracting(SeenSpan::name)
          .contains("scheduler", "SCHEDULE", "PREFILL", "DECODE", "worker", "worker tp1");
    }
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
}
