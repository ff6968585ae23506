package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.testing.SeenSpan;
import dev.serving.trace.testing.TraceTree;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * This shows that an engine of several ranks fails and comes back as one, whichever of its
 * processes dies or stops in the middle of a decode. One server for all: each test leaves it well.
 */
final class RankFailureTest {
  private static TracedServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TracedServer("--tensor-parallel-size", "2");
  }

  @AfterAll
  static void end() throws Exception {
    try (TracedServer ending = server) {
      ending.end();
    }
  }

  @Test
  void aKilledEngineLeavesNoOrphans() {
    List<AnswerStream> streams = server.decoding(1);
    ProcessHandle rank = server.ranks().findFirst().orElseThrow();

    TracedServer.kill(server.engines().findFirst().orElseThrow(), streams);

    server.awaitTrace(streams.get(0), tree -> assertCutShortOnBothRanks(tree, "engine"));
    await().atMost(TracedServer.SOON).until(() -> !rank.isAlive());
    server.awaitRecovery();
  }

  @Test
  void aKilledRankFailsTheRequestsOfItsEngineWhichComesBack() {
    List<AnswerStream> streams = server.decoding(1);

    TracedServer.kill(server.ranks().findFirst().orElseThrow(), streams);

    await().atMost(TracedServer.SOON).until(() -> streams.get(0).ended());
    server.awaitTrace(streams.get(0), tree -> assertCutShortOnBothRanks(tree, "rank 1"));
    server.awaitRecovery();
  }

  @Test
  void aStoppedRankIsEndedAndItsTraceIsWhole() throws Exception {
    List<AnswerStream> streams = server.decoding(1);
    ProcessHandle rank = server.ranks().findFirst().orElseThrow();

    TracedServer.stop(rank);

    await().atMost(TracedServer.SOON).until(() -> streams.get(0).failed() && !rank.isAlive());
    server.awaitTrace(streams.get(0), tree -> assertCutShortOnBothRanks(tree, "rank 1"));
    server.awaitRecovery();
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
