package dev.serving.core.engine;

import static dev.serving.core.engine.Demo.prompt;
import static dev.serving.core.engine.Demo.request;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.CacheConfig;
import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.config.WorkerConfig;
import dev.serving.core.message.EngineMessage.Cancel;
import dev.serving.core.message.EngineMessage.Shutdown;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.EngineFailed;
import dev.serving.core.message.FrontendMessage.EngineReady;
import dev.serving.core.message.FrontendMessage.EngineStatus;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.worker.RankListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An engine with the model that ships, over real ZeroMQ. */
class EngineTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** This shows a request's way through an engine: ready, tokens as they come, one last output. */
  @Test
  void aRequestIsAnsweredTokenByToken() {
    try (TestFrontend frontend = TestFrontend.start(Demo.config(1), RankLauncher.NONE).ready()) {
      EngineReady ready = frontend.one(EngineReady.class).orElseThrow();
      assertThat(ready.maxModelLength()).isEqualTo(Demo.MAX_LENGTH);
      assertThat(ready.pids()).containsExactly(ProcessHandle.current().pid());
      assertThat(ready.weightBytes()).isPositive();

      frontend.send(request("a", prompt(1, 20), 8));
      frontend.untilEnded("a");
      List<Output> outputs = frontend.outputs("a");
      assertThat(outputs).hasSize(8).allMatch(output -> output.tokens().size() == 1);
      assertThat(frontend.last("a").orElseThrow().finish()).isEqualTo(FinishReason.LENGTH);
    }
  }

  @Test
  void anEngineGivesSignsOfLifeAlsoWhileItLoads() {
    try (TestFrontend frontend = TestFrontend.start(Demo.config(1), RankLauncher.NONE)) {
      frontend.until(SOON, () -> frontend.one(EngineStatus.class).isPresent());
      frontend.send(request("early", prompt(1, 20), 8));
      frontend.untilEnded("early");
      assertThat(frontend.ready().heard)
          .filteredOn(m -> m instanceof EngineStatus || m instanceof EngineReady)
          .first()
          .isInstanceOf(EngineStatus.class);
      frontend.heard.clear();
      frontend.until(
          SOON, () -> frontend.heard.stream().filter(EngineStatus.class::isInstance).count() >= 3);
    }
  }

  /** This shows how what is not wanted any more stops costing. */
  @Test
  void aCancelledRequestEndsInTheMiddle() {
    try (TestFrontend frontend = TestFrontend.start(Demo.config(1), RankLauncher.NONE).ready()) {
      frontend.send(request("a", prompt(1, 20), 490));
      frontend.until(SOON, () -> frontend.outputs("a").size() > 3);
      frontend.send(new Cancel("a", FinishReason.ABORT));
      frontend.untilEnded("a");
      assertThat(frontend.last("a").orElseThrow().finish()).isEqualTo(FinishReason.ABORT);
      assertThat(frontend.tokens("a")).hasSizeLessThan(490);
    }
  }

  @Test
  void whatCannotBeServedIsRefusedAndTheRestGoesOn() {
    SchedulerConfig small = new SchedulerConfig(64, 1, 1, 0);
    try (TestFrontend frontend =
        TestFrontend.start(Demo.config(1, small, CacheConfig.DEFAULT), RankLauncher.NONE).ready()) {
      frontend.send(request("long", prompt(1, 512), 1));
      frontend.untilEnded("long");
      assertThat(frontend.last("long").orElseThrow().finish()).isEqualTo(FinishReason.REFUSED);
      assertThat(frontend.last("long").orElseThrow().error()).contains("513", "512");

      // One runs and one waits. So many that some come too early however slowly they are sent.
      List<String> rids = IntStream.range(0, 20).mapToObj(i -> "r" + i).toList();
      rids.forEach(rid -> frontend.send(request(rid, prompt(2, 10), 300)));
      frontend.untilEnded(rids.toArray(String[]::new));
      Map<FinishReason, List<String>> ends =
          rids.stream().collect(groupingBy(rid -> frontend.last(rid).orElseThrow().finish()));
      assertThat(ends).containsOnlyKeys(FinishReason.BUSY, FinishReason.LENGTH);
      assertThat(ends.get(FinishReason.LENGTH))
          .contains("r0")
          .allSatisfy(rid -> assertThat(frontend.tokens(rid)).hasSize(300));
    }
  }

  @Test
  void aModelThatIsMissingIsToldInOneLine() {
    var config = Demo.config(1);
    var nowhere =
        new EngineConfig(
            new WorkerConfig(
                Demo.MODEL.resolve("nowhere"),
                config.worker().weights(),
                1,
                config.worker().cache(),
                config.worker().scheduler()),
            1);
    try (TestFrontend frontend = TestFrontend.start(nowhere, RankLauncher.NONE)) {
      frontend.until(SOON, () -> frontend.one(EngineFailed.class).isPresent());
      assertThat(frontend.one(EngineFailed.class).orElseThrow().reason())
          .contains("nowhere")
          .doesNotContain("\n");
      frontend.until(SOON, frontend.end::isDone);
      assertThat(frontend.end).isCompletedWithValue(EngineEnd.FAILED);
    }
  }

  @Test
  void aModelThatDoesNotDivideIsRefusedWithTheNumbers() {
    try (TestFrontend frontend = TestFrontend.start(Demo.config(3), RankLauncher.NONE)) {
      frontend.until(SOON, () -> frontend.one(EngineFailed.class).isPresent());
      assertThat(frontend.one(EngineFailed.class).orElseThrow().reason()).contains("8", "3");
    }
  }

  @Test
  void anEngineThatLosesItsFrontendEnds() {
    var config = Demo.config(1);
    var impatient =
        new EngineConfig(config.worker(), 1, Duration.ofSeconds(3), config.stepTimeout());
    try (TestFrontend frontend = TestFrontend.start(impatient, RankLauncher.NONE).ready()) {
      frontend.fallSilent();
      frontend.until(SOON, frontend.end::isDone);
      assertThat(frontend.end).isCompletedWithValue(EngineEnd.FRONTEND_LOST);
    }
  }

  /** This shows that nobody waits for ever on a rank that hangs. */
  @Test
  void aStepThatTakesTooLongFailsTheEngine() {
    CountDownLatch hang = new CountDownLatch(1);
    RankListener hanging =
        new RankListener() {
          @Override
          public void stepStarted(Step step) {
            Awaitility.await().until(() -> hang.getCount() == 0);
          }
        };
    EngineConfig usual = Demo.config(1);
    EngineConfig impatient =
        new EngineConfig(usual.worker(), 1, usual.frontendTimeout(), Duration.ofMillis(300));
    try (TestFrontend frontend =
        TestFrontend.start(impatient, RankLauncher.NONE, o -> listening(o, hanging)).ready()) {
      frontend.send(request("a", prompt(1, 20), 8));
      frontend.untilEnded("a");
      hang.countDown();
      assertThat(frontend.last("a").orElseThrow().finish()).isEqualTo(FinishReason.ERROR);
      assertThat(frontend.last("a").orElseThrow().error()).contains("PT0.3S");
    }
  }

  private static EngineOptions listening(EngineOptions o, RankListener listener) {
    return new EngineOptions(
        o.config(),
        o.context(),
        o.frontend(),
        o.identity(),
        o.launcher(),
        o.listener(),
        listener,
        null);
  }

  @Test
  void aShutdownEndsOpenRequestsAndTheEngine() {
    try (TestFrontend frontend = TestFrontend.start(Demo.config(1), RankLauncher.NONE).ready()) {
      frontend.send(request("a", prompt(1, 20), 490));
      frontend.until(SOON, () -> !frontend.outputs("a").isEmpty());
      frontend.send(new Shutdown());
      frontend.untilEnded("a");
      assertThat(frontend.last("a").orElseThrow().error()).isEqualTo("the server is shutting down");
      frontend.until(SOON, frontend.end::isDone);
      assertThat(frontend.end).isCompletedWithValue(EngineEnd.SHUTDOWN);
    }
  }
}
