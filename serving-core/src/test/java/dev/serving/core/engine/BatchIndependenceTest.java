package dev.serving.core.engine;

import static dev.serving.core.engine.Demo.prompt;
import static dev.serving.core.engine.Demo.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.CacheConfig;
import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FrontendMessage.EngineStatus;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.SamplingParams;
import dev.serving.trace.TraceCarrier;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a sequence's tokens must not depend on: a real model's, over a real link. */
class BatchIndependenceTest {
  private static final int[] PROMPT = prompt(7, 75);
  private static final int TOKENS = 48;

  @Test
  void tokensAreTheSameAloneInABatchChunkedReusedAndPreempted() {
    List<Integer> alone;
    List<Integer> reused;
    List<Integer> batched;
    try (TestFrontend frontend = start(SchedulerConfig.DEFAULT, CacheConfig.DEFAULT)) {
      alone = answer(frontend, "alone", PROMPT);
      reused = answer(frontend, "reused", PROMPT);
      assertThat(last(frontend, "alone").cachedTokens()).isZero();
      assertThat(last(frontend, "reused").cachedTokens()).isEqualTo(64);
      for (int i = 0; i < 9; i++) {
        frontend.send(request("other" + i, prompt(20 + i, 5 + 17 * i), 60));
      }
      batched = answer(frontend, "batched", PROMPT);
    }
    assertThat(reused).isEqualTo(alone);
    assertThat(batched).isEqualTo(alone);
    assertThat(chunked()).isEqualTo(alone);
    assertThat(preempted()).isEqualTo(alone);
  }

  private static List<Integer> chunked() {
    SchedulerConfig small = new SchedulerConfig(8, 4, 8, 0);
    try (TestFrontend frontend = start(small, CacheConfig.DEFAULT)) {
      frontend.send(request("other", prompt(3, 40), 100));
      return answer(frontend, "chunked", PROMPT);
    }
  }

  /** Both together need more blocks than there are, so the newer one loses its own. */
  private static List<Integer> preempted() {
    CacheConfig tight = Demo.blocks(11);
    try (TestFrontend frontend = start(SchedulerConfig.DEFAULT, tight)) {
      frontend.send(request("older", prompt(3, 30), 130));
      List<Integer> tokens = answer(frontend, "newer", PROMPT);
      frontend.untilEnded("older");
      frontend.until(
          Duration.ofSeconds(5),
          () ->
              frontend.heard.stream()
                  .anyMatch(m -> m instanceof EngineStatus s && s.preemptions() > 0));
      return tokens;
    }
  }

  /** Those who come in one step with the same prompt read what the first of them writes in it. */
  @Test
  void tokensAreTheSameWhenAPromptIsSharedWithinAStep() {
    try (TestFrontend frontend = start(SchedulerConfig.DEFAULT, CacheConfig.DEFAULT)) {
      frontend.send(request("busy", prompt(3, 400), 1)); // the next ones arrive during its step
      IntStream.range(0, 4).forEach(i -> frontend.send(request("r" + i, PROMPT, TOKENS)));
      frontend.untilEnded("r0", "r1", "r2", "r3");
      assertThat(last(frontend, "r0").cachedTokens()).isZero();
      for (String rid : List.of("r1", "r2", "r3")) {
        assertThat(frontend.tokens(rid)).isEqualTo(frontend.tokens("r0"));
        assertThat(last(frontend, rid).cachedTokens()).isEqualTo(64);
      }
    }
  }

  /** Same seed, same tokens, whatever else is in the batch. */
  @Test
  void seededDrawsAreTheSameAloneAndInABatch() {
    try (TestFrontend frontend = start(SchedulerConfig.DEFAULT, CacheConfig.DEFAULT)) {
      frontend.send(seeded("alone", 11));
      frontend.untilEnded("alone");
      IntStream.range(0, 6).forEach(i -> frontend.send(seeded("other" + i, 100 + i)));
      frontend.send(seeded("batched", 11));
      frontend.untilEnded("batched", "other0");
      assertThat(frontend.tokens("batched")).isEqualTo(frontend.tokens("alone"));
      assertThat(frontend.tokens("other0")).isNotEqualTo(frontend.tokens("alone"));
      assertThat(last(frontend, "alone").logprobs()).hasSize(1);
      assertThat(last(frontend, "alone").logprobs().get(0).topTokens()).hasSize(3);
    }
  }

  private static Generate seeded(String rid, long seed) {
    SamplingParams sampling =
        SamplingParams.greedy(30)
            .with(
                it ->
                    it.temperature(1)
                        .topP(0.95f)
                        .topK(50)
                        .repetitionPenalty(1.1f)
                        .seed(seed)
                        .topLogprobs(3)
                        .ignoreEos(true));
    return new Generate(rid, PROMPT, sampling, 0, TraceCarrier.none());
  }

  private static TestFrontend start(SchedulerConfig scheduler, CacheConfig cache) {
    return TestFrontend.start(Demo.config(1, scheduler, cache), RankLauncher.NONE).ready();
  }

  private static List<Integer> answer(TestFrontend frontend, String rid, int[] prompt) {
    frontend.send(request(rid, prompt, TOKENS));
    frontend.untilEnded(rid);
    assertThat(frontend.tokens(rid)).hasSize(TOKENS);
    return frontend.tokens(rid);
  }

  private static Output last(TestFrontend frontend, String rid) {
    return frontend.last(rid).orElseThrow();
  }
}
