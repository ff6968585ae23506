package dev.serving.core.engine;

import static dev.serving.core.engine.Demo.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.CacheConfig;
import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.message.EngineMessage.Cancel;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.EngineMessage.SetTracing;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.TracingLevels;
import dev.serving.core.worker.RankListener;
import dev.serving.trace.TraceCarrier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The trace context goes from worker to worker with the request, and skips none. */
class CarrierTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger rankCalls = new AtomicInteger();

  @Test
  void theLastOutputCarriesTheRanksLastWord() {
    try (TestFrontend frontend = start(Demo.config(1))) {
      frontend.send(request("a", 5));
      frontend.untilEnded("a");
      assertThat(events).contains("rank admitted with 2", "queued with 1");
      assertThat(number(frontend.last("a").orElseThrow().carrier())).isEqualTo(102);
      assertThat(rankCalls).as("asked after the first and the second token").hasValue(2);
      assertThat(frontend.outputs("a").subList(0, 4))
          .extracting(Output::carrier)
          .containsOnly(TraceCarrier.none());

      frontend.send(request("b", 1));
      frontend.untilEnded("b");
      assertThat(number(frontend.last("b").orElseThrow().carrier())).isEqualTo(103);
    }
  }

  @Test
  void whoNeverReachedARankComesBackWithWhatItHad() {
    SchedulerConfig narrow = new SchedulerConfig(64, 1, 4, 0);
    try (TestFrontend frontend = start(Demo.config(1, narrow, CacheConfig.DEFAULT))) {
      frontend.send(request("running", 400));
      frontend.send(request("waiting", 400)); // a far shorter one would be let go ahead
      frontend.until(SOON, () -> !frontend.outputs("running").isEmpty());
      frontend.send(new Cancel("waiting", FinishReason.ABORT));
      frontend.untilEnded("waiting");
      assertThat(number(frontend.last("waiting").orElseThrow().carrier())).isEqualTo(1);
    }
  }

  @Test
  void aPreemptedRequestIsQueuedWithTheRanksLastWord() {
    try (TestFrontend frontend = start(Demo.config(1, SchedulerConfig.DEFAULT, Demo.blocks(11)))) {
      frontend.send(request("older", 130));
      frontend.send(request("newer", 100));
      frontend.untilEnded("older", "newer");
      assertThat(events).anyMatch(event -> event.matches("queued with 10[1-9]"));
      assertThat(events).contains("rank released PREEMPTED");
    }
  }

  @Test
  void schedulingIsToldInTheOrderInWhichItHappens() {
    try (TestFrontend frontend = start(Demo.config(1))) {
      frontend.send(request("a", 2));
      frontend.untilEnded("a");
      frontend.until(SOON, () -> events.contains("rank released FINISHED"));
      assertThat(events.stream().filter(event -> !event.startsWith("rank")))
          .containsExactly(
              "queued with 1",
              "scheduled",
              "asked",
              "dispatched",
              "firstToken",
              "token",
              "finished");
      assertThat(events.stream().filter(event -> event.startsWith("rank")))
          .containsExactly(
              "rank started",
              "rank admitted with 2",
              "rank sampled",
              "rank step done",
              "rank sampled",
              "rank step done",
              "rank released FINISHED");
    }
  }

  /** Ranks close what is open, so that every trace is whole, also when the engine ends first. */
  @Test
  void whoeverIsInTheBatchIsReleasedWhenTheEngineEnds() {
    try (TestFrontend frontend = start(Demo.config(1))) {
      frontend.send(request("a", 400));
      frontend.until(SOON, () -> !frontend.outputs("a").isEmpty());
    }
    assertThat(events).contains("rank released ABORTED", "finished");
  }

  @Test
  void changedLevelsReachEngineAndRanks() {
    try (TestFrontend frontend = start(Demo.config(1))) {
      frontend.send(new SetTracing(new TracingLevels(3, Set.of(), 0.5)));
      frontend.until(SOON, () -> events.contains("rank level 3"));
      assertThat(events).contains("level 3");
    }
  }

  private TestFrontend start(EngineConfig config) {
    return TestFrontend.start(
            config,
            RankLauncher.NONE,
            o ->
                new EngineOptions(
                    o.config(),
                    o.context(),
                    o.frontend(),
                    o.identity(),
                    o.launcher(),
                    new Scheduling(),
                    new Ranks(),
                    null))
        .ready();
  }

  private static Generate request(String rid, int tokens) {
    Generate plain = Demo.request(rid, prompt(rid.length(), 30), tokens);
    return new Generate(rid, plain.prompt(), plain.sampling(), 0, carrier(1));
  }

  /** A carrier whose span id is a number. */
  private static TraceCarrier carrier(int number) {
    return TraceCarrier.fromMap(
        Map.of("root", "00-0af7651916cd43dd8448eb211c80319c-%016x-01".formatted(number)));
  }

  private static int number(TraceCarrier carrier) {
    return Integer.parseInt(carrier.info().orElseThrow().spanId(), 16);
  }

  private final class Scheduling implements EngineListener {
    @Override
    public TraceCarrier carrier(String rid) {
      events.add("asked");
      return CarrierTest.carrier(2);
    }

    @Override
    public void queued(String rid, TraceCarrier carrier, int promptTokens, int queueLength) {
      events.add("queued with " + number(carrier));
    }

    @Override
    public void scheduled(String rid, long step, int batchSize, int position, int cachedTokens) {
      events.add("scheduled");
    }

    @Override
    public void dispatched(String rid) {
      events.add("dispatched");
    }

    @Override
    public void firstToken(String rid) {
      events.add("firstToken");
    }

    @Override
    public void token(String rid) {
      events.add("token");
    }

    @Override
    public void finished(
        String rid, FinishReason reason, int promptTokens, int outputTokens, String error) {
      events.add("finished");
    }

    @Override
    public void tracing(TracingLevels levels) {
      events.add("level " + levels.level());
    }
  }

  private final class Ranks implements RankListener {
    @Override
    public TraceCarrier carrier(String rid) {
      return CarrierTest.carrier(100 + rankCalls.incrementAndGet());
    }

    @Override
    public void started() {
      events.add("rank started");
    }

    @Override
    public void stepStarted(Step step) {
      step.chunks().stream()
          .filter(chunk -> chunk.admission() != null)
          .forEach(c -> events.add("rank admitted with " + number(c.admission().carrier())));
    }

    @Override
    public void sampled(Chunk chunk) {
      events.add("rank sampled");
    }

    @Override
    public void stepDone(Step step) {
      events.add("rank step done");
    }

    @Override
    public void released(Release release) {
      events.add("rank released " + release.cause());
    }

    @Override
    public void tracing(TracingLevels levels) {
      events.add("rank level " + levels.level());
    }
  }
}
