package dev.serving.core.engine;

import static dev.serving.core.engine.Demo.prompt;
import static dev.serving.core.engine.Demo.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.message.EngineMessage.Shutdown;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.EngineFailed;
import dev.serving.core.message.FrontendMessage.EngineReady;
import dev.serving.core.message.FrontendMessage.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two ranks, the second a process of its own. */
class TensorParallelTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void twoRanksGiveTheSameTokensAsOne() {
    List<List<Integer>> alone;
    try (TestFrontend one = TestFrontend.start(Demo.config(1), RankLauncher.NONE).ready()) {
      alone = answers(one);
    }
    try (TestFrontend two =
        TestFrontend.start(Demo.config(2), RankMain.Launcher.compiling()).ready()) {
      assertThat(two.one(EngineReady.class).orElseThrow().pids())
          .hasSize(2)
          .doesNotHaveDuplicates();
      assertThat(answers(two)).isEqualTo(alone);
    }
  }

  private static List<List<Integer>> answers(TestFrontend frontend) {
    List<List<Integer>> answers = new ArrayList<>();
    for (int seed = 0; seed < 5; seed++) {
      frontend.send(request("r" + seed, prompt(seed, 10 + 30 * seed), 40));
    }
    for (int seed = 0; seed < 5; seed++) {
      frontend.untilEnded("r" + seed);
      answers.add(frontend.tokens("r" + seed));
    }
    return answers;
  }

  /** This shows what clients hear when a rank is killed in mid decode. */
  @Test
  void aKilledRankFailsItsRequests() {
    RankMain.Launcher launcher = new RankMain.Launcher();
    try (TestFrontend frontend = TestFrontend.start(Demo.config(2), launcher).ready()) {
      frontend.send(request("a", prompt(1, 20), 490));
      frontend.until(SOON, () -> !frontend.outputs("a").isEmpty());
      launcher.processes.get(0).destroyForcibly();
      frontend.until(SOON, () -> frontend.last("a").isPresent());
      failed(frontend, "rank 1 died");
    }
  }

  @Test
  void aStoppedRankFailsItsRequests() throws Exception {
    RankMain.Launcher launcher = new RankMain.Launcher();
    try (TestFrontend frontend = TestFrontend.start(Demo.config(2), launcher).ready()) {
      frontend.send(request("a", prompt(1, 20), 490));
      frontend.until(SOON, () -> !frontend.outputs("a").isEmpty());
      long pid = launcher.processes.get(0).pid();
      new ProcessBuilder("kill", "-STOP", String.valueOf(pid)).start().waitFor();
      frontend.until(SOON, () -> frontend.last("a").isPresent());
      failed(frontend, "rank 1 has stopped");
    }
  }

  @Test
  void aRankThatCannotLoadSaysWhy() {
    RankMain.Launcher launcher = new RankMain.Launcher(Demo.MODEL.resolve("nowhere"));
    try (TestFrontend frontend = TestFrontend.start(Demo.config(2), launcher)) {
      frontend.until(SOON, () -> frontend.one(EngineFailed.class).isPresent());
      assertThat(frontend.one(EngineFailed.class).orElseThrow().reason())
          .startsWith("rank 1: ")
          .endsWith("nowhere is not a directory with a model");
    }
  }

  /** This shows that a shutdown lets ranks come to their end, and leaves no process behind. */
  @Test
  void aShutdownInTheMiddleOfADecodeEndsTheRanks() {
    RankMain.Launcher launcher = new RankMain.Launcher();
    try (TestFrontend frontend = TestFrontend.start(Demo.config(2), launcher).ready()) {
      frontend.send(request("a", prompt(1, 20), 490));
      frontend.until(SOON, () -> !frontend.outputs("a").isEmpty());
      frontend.send(new Shutdown());
      frontend.until(SOON, frontend.end::isDone);
      assertThat(frontend.end).isCompletedWithValue(EngineEnd.SHUTDOWN);
      frontend.until(SOON, () -> !launcher.processes.get(0).isAlive());
      assertThat(launcher.processes.get(0).exitValue()).as("by itself").isZero();
    }
  }

  private static void failed(TestFrontend frontend, String reason) {
    Output last = frontend.last("a").orElseThrow();
    assertThat(last.finish()).isEqualTo(FinishReason.ERROR);
    assertThat(last.error()).isEqualTo(reason);
    frontend.until(SOON, () -> frontend.one(EngineFailed.class).isPresent()); // may outlast the end
    assertThat(frontend.one(EngineFailed.class).orElseThrow().reason()).isEqualTo(reason);
    frontend.until(SOON, frontend.end::isDone);
    assertThat(frontend.end).isCompletedWithValue(EngineEnd.FAILED);
  }
}
