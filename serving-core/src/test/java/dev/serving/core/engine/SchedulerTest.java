package dev.serving.core.engine;

import static dev.serving.core.engine.SchedulerRig.ROOMY;
import static dev.serving.core.engine.SchedulerRig.prompt;
import static dev.serving.core.engine.SchedulerRig.request;
import static dev.serving.core.engine.SchedulerRig.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.Release.Cause;
import dev.serving.core.message.SamplingParams;
import dev.serving.trace.TraceCarrier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** This shows who is in a step, who waits for what, and how a request ends. */
class SchedulerTest {
  /** This shows how a request becomes a prefill, decodes, and one last output. */
  @Test
  void aRequestIsPrefilledAndThenDecodedTokenByToken() {
    SchedulerRig rig = new SchedulerRig(100, ROOMY);
    rig.scheduler.add(request("a", prompt(1, 5), 3));

    assertThat(text(rig.step())).isEqualTo("a:P0+5*");
    assertThat(text(rig.step())).isEqualTo("a:D5+1*");
    assertThat(text(rig.step())).isEqualTo("a:D6+1*");

    assertThat(rig.scheduler.hasWork()).isFalse();
    assertThat(rig.tokensOf("a")).isEqualTo(ShadowRanks.expected(prompt(1, 5), 3));
    assertThat(rig.lastOf("a").finish()).isEqualTo(FinishReason.LENGTH);
    assertThat(rig.events)
        .containsExactly(
            "queued a tokens=5 behind=0",
            "scheduled a at 0/1 cached=0",
            "chunk a 5",
            "firstToken a",
            "step 5+0",
            "token a",
            "step 0+1",
            "token a",
            "finished a LENGTH 5+3",
            "step 0+1");
  }

  /** This shows how a newcomer joins those who run instead of waiting for them to end. */
  @Test
  void batchingIsContinuous() {
    SchedulerRig rig = new SchedulerRig(100, ROOMY);
    rig.scheduler.add(request("a", prompt(1, 5), 9));
    rig.step();
    rig.scheduler.add(request("b", prompt(2, 6), 9));

    assertThat(text(rig.step())).isEqualTo("a:D5+1* b:P0+6*");
    assertThat(text(rig.step())).isEqualTo("a:D6+1* b:D6+1*");
  }

  /** This shows how a long prompt is cut into chunks while everyone else goes on decoding. */
  @Test
  void aLongPromptNeverHoldsUpADecode() {
    SchedulerRig rig = new SchedulerRig(100, ROOMY);
    rig.scheduler.add(request("a", prompt(1, 3), 9));
    rig.step();
    rig.scheduler.add(request("long", prompt(2, 40), 2));

    assertThat(text(rig.step())).isEqualTo("a:D3+1* long:P0+15");
    assertThat(text(rig.step())).isEqualTo("a:D4+1* long:P15+15");
    assertThat(text(rig.step())).isEqualTo("a:D5+1* long:P30+10*");
    assertThat(text(rig.step())).isEqualTo("a:D6+1* long:D40+1*");
    assertThat(rig.tokensOf("long")).isEqualTo(ShadowRanks.expected(prompt(2, 40), 2));
  }

  @Test
  void whoCameFirstIsServedFirst() {
    SchedulerRig rig = new SchedulerRig(100, new SchedulerConfig(16, 1, 8, 0));
    rig.scheduler.add(request("a", prompt(1, 3), 1));
    rig.scheduler.add(request("b", prompt(2, 3), 1));
    rig.scheduler.add(request("c", prompt(3, 3), 1));
    rig.runToEnd();
    assertThat(rig.outputs).extracting(Output::rid).containsExactly("a", "b", "c");
  }

  @Test
  void aSmallerPriorityComesFirst() {
    SchedulerRig rig = new SchedulerRig(100, new SchedulerConfig(16, 1, 8, 0));
    rig.scheduler.add(request("usual", prompt(1, 3), 1, 0));
    rig.scheduler.add(request("late", prompt(2, 3), 1, 5));
    rig.scheduler.add(request("urgent", prompt(3, 3), 1, -5));
    rig.runToEnd();
    assertThat(rig.outputs).extracting(Output::rid).containsExactly("urgent", "usual", "late");
    assertThat(rig.events).contains("queued urgent tokens=3 behind=0");
  }

  /** This shows what a waiting request waits for. */
  @Test
  void theHeadOfTheQueueIsToldWhatItWaitsFor() {
    SchedulerRig rig = new SchedulerRig(13, new SchedulerConfig(16, 3, 8, 0));
    rig.scheduler.add(request("a", prompt(1, 16), 9));
    rig.scheduler.add(request("b", prompt(2, 16), 9));
    rig.step();
    assertThat(rig.events).contains("delayed b BUDGET");

    rig.scheduler.add(request("c", prompt(3, 20), 9));
    rig.step();
    assertThat(rig.events).contains("scheduled b at 1/2 cached=0", "delayed c BUDGET");
    rig.step();
    assertThat(rig.events).contains("delayed c BLOCKS").doesNotContain("delayed b BLOCKS");

    rig.scheduler.add(request("d", prompt(4, 3), 9, -1));
    rig.step();
    rig.scheduler.add(request("e", prompt(5, 3), 9, -1));
    rig.step();
    assertThat(rig.events).contains("scheduled d at 2/3 cached=0", "delayed e SEQUENCES");
  }

  /** This shows how the newest gives way when memory is short, and loses nothing but time. */
  @Test
  void preemptionTakesTheNewestAndItsTokensStayTheSame() {
    SchedulerRig rig = new SchedulerRig(8, ROOMY);
    rig.scheduler.add(request("old", prompt(1, 8), 20));
    rig.scheduler.add(request("new", prompt(2, 8), 16));
    rig.runToEnd();

    assertThat(rig.scheduler.preemptions()).isPositive();
    assertThat(rig.events).contains("preempted new out of KV blocks");
    assertThat(rig.events).noneMatch(event -> event.startsWith("preempted old"));
    assertThat(rig.tokensOf("old")).isEqualTo(ShadowRanks.expected(prompt(1, 8), 20));
    assertThat(rig.tokensOf("new")).isEqualTo(ShadowRanks.expected(prompt(2, 8), 16));
    assertThat(rig.events.stream().filter("firstToken new"::equals)).hasSize(1);
    assertThat(rig.releases).extracting(Release::cause).contains(Cause.PREEMPTED, Cause.FINISHED);
  }

  /** This shows how a prompt that begins like an earlier one skips what is computed already. */
  @Test
  void promptsThatBeginAlikeShareBlocks() {
    SchedulerRig rig = new SchedulerRig(100, ROOMY);
    rig.scheduler.add(request("first", prompt(1, 13), 1));
    rig.runToEnd();
    rig.scheduler.add(request("second", prompt(1, 13), 1));

    assertThat(text(rig.step())).isEqualTo("second:P12+1*");
    assertThat(rig.lastOf("second").cachedTokens()).isEqualTo(12);
    assertThat(rig.lastOf("second").tokens()).isEqualTo(rig.lastOf("first").tokens());
  }

  /** This shows how several choices for one prompt cost little more than one. */
  @Test
  void promptsInTheSameStepShareBlocks() {
    SchedulerRig rig = new SchedulerRig(100, new SchedulerConfig(32, 4, 8, 0));
    rig.scheduler.add(request("one", prompt(1, 13), 3));
    rig.scheduler.add(request("two", prompt(1, 13), 3));
    rig.scheduler.add(request("three", prompt(1, 13), 3));
    assertThat(text(rig.step())).isEqualTo("one:P0+13* two:P12+1* three:P12+1*");
    rig.runToEnd();
    assertThat(rig.tokensOf("three")).isEqualTo(ShadowRanks.expected(prompt(1, 13), 3));
  }

  @Test
  void anAnswerIsReusedByTheNextTurnOfTheConversation() {
    SchedulerRig rig = new SchedulerRig(100, ROOMY);
    int[] question = prompt(1, 8);
    rig.scheduler.add(request("turn 1", question, 9));
    rig.runToEnd();

    List<Integer> answer = rig.tokensOf("turn 1");
    int[] next = Arrays.copyOf(question, 20);
    for (int i = 0; i < 9; i++) {
      next[8 + i] = answer.get(i);
    }
    rig.scheduler.add(request("turn 2", next, 1));
    assertThat(text(rig.step())).isEqualTo("turn 2:P16+4*");
  }

  /** This shows how a request is let go of, wherever it is. */
  @Test
  void abortWorksInTheQueueInPrefillInDecodeAndInTheMiddleOfAStep() {
    SchedulerRig rig = new SchedulerRig(100, new SchedulerConfig(16, 3, 8, 0));
    rig.scheduler.add(request("decoding", prompt(1, 4), 9));
    rig.step();
    rig.scheduler.add(request("prefilling", prompt(2, 40), 9));
    rig.scheduler.add(request("queued", prompt(3, 4), 9));
    rig.step();

    rig.scheduler.cancel("queued", FinishReason.ABORT);
    assertThat(rig.releases).isEmpty();
    rig.scheduler.cancel("prefilling", FinishReason.ABORT);
    assertThat(rig.releases)
        .containsExactly(new Release("prefilling", Cause.ABORTED, "aborted by the client"));

    Batch batch = rig.scheduler.next();
    var tokens = rig.ranks.run(batch.toStep());
    rig.scheduler.cancel("decoding", FinishReason.ABORT);
    rig.scheduler.complete(batch, SchedulerRig.result(batch.id(), tokens));

    for (String rid : List.of("queued", "prefilling", "decoding")) {
      assertThat(rig.lastOf(rid).finish()).isEqualTo(FinishReason.ABORT);
    }
    assertThat(rig.tokensOf("decoding")).hasSize(2);
    assertThat(rig.scheduler.hasWork()).isFalse();
    assertThat(rig.blocks.used()).isZero();
    assertThat(rig.ranks.known()).isZero();
    rig.scheduler.cancel("decoding", FinishReason.ABORT); // over already: nothing happens
    assertThat(rig.lastOf("decoding")).isNotNull();
  }

  @Test
  void aMatchedStopStringEndsARequestAsStopped() {
    SchedulerRig rig = new SchedulerRig(100, ROOMY);
    rig.scheduler.add(request("a", prompt(1, 4), 9));
    rig.step();
    rig.scheduler.cancel("a", FinishReason.STOP);
    assertThat(rig.lastOf("a").finish()).isEqualTo(FinishReason.STOP);
    assertThat(rig.releases).containsExactly(new Release("a", Cause.FINISHED, null));
  }

  /**
   * This shows how what can never fit is refused with the number it needs and the number there is.
   */
  @Test
  void whatCanNeverFitIsRefusedAtOnce() {
    SchedulerRig rig = new SchedulerRig(8, ROOMY);
    rig.scheduler.add(request("a", prompt(1, 32), 1));
    assertThat(rig.lastOf("a").finish()).isEqualTo(FinishReason.REFUSED);
    assertThat(rig.lastOf("a").error())
        .isEqualTo(
            "the request needs room for 33 tokens (prompt 32, output at least 1);"
                + " there is room for 32");
    assertThat(rig.scheduler.hasWork()).isFalse();
    assertThat(rig.events).containsExactly("finished a REFUSED 32+0");
  }

  @Test
  void tokensOutsideTheVocabularyAreRefused() {
    SchedulerRig rig = new SchedulerRig(8, ROOMY);
    rig.scheduler.add(request("a", new int[] {1, 1000}, 1));
    assertThat(rig.lastOf("a").error())
        .isEqualTo("prompt: token 1000 is not in the vocabulary of 1000");
    SamplingParams biased = SamplingParams.greedy(1).withLogitBias(Map.of(7777, 1f));
    rig.scheduler.add(new Generate("b", new int[] {1}, biased, 0, TraceCarrier.none()));
    assertThat(rig.lastOf("b").error())
        .isEqualTo("logit_bias: token 7777 is not in the vocabulary of 1000");
  }

  @Test
  void beyondTheQueueRequestsAreRefusedAsBusy() {
    SchedulerRig rig = new SchedulerRig(100, new SchedulerConfig(16, 1, 2, 0));
    rig.scheduler.add(request("running", prompt(1, 4), 9));
    rig.step();
    rig.scheduler.add(request("b", prompt(2, 4), 9));
    rig.scheduler.add(request("c", prompt(3, 4), 9));
    rig.scheduler.add(request("d", prompt(4, 4), 9));
    assertThat(rig.lastOf("d").finish()).isEqualTo(FinishReason.BUSY);
    assertThat(rig.lastOf("d").error()).isEqualTo("2 requests wait already");
    rig.runToEnd();
    assertThat(rig.lastOf("c").finish()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void withoutAQueueARequestIsTakenWhenItCanRun() {
    SchedulerRig rig = new SchedulerRig(100, new SchedulerConfig(16, 1, 0, 0));
    rig.scheduler.add(request("a", prompt(1, 4), 2));
    rig.scheduler.add(request("b", prompt(2, 4), 2));
    assertThat(rig.lastOf("b").finish()).isEqualTo(FinishReason.BUSY);
    rig.runToEnd();
    assertThat(rig.lastOf("a").finish()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void aSequenceEndsByLengthWhenNoMoreFits() {
    SchedulerRig rig = new SchedulerRig(8, ROOMY);
    rig.scheduler.add(request("a", prompt(1, 30), 50));
    rig.runToEnd();
    assertThat(rig.tokensOf("a")).hasSize(2);
    assertThat(rig.lastOf("a").finish()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void stopTokensEndASequenceButNotBeforeItsMinimumNorWhenIgnored() {
    List<Integer> free = ShadowRanks.expected(prompt(1, 4), 9);
    Limits limits = new Limits(400, 1000, Set.of(free.get(2)));
    SchedulerRig rig = new SchedulerRig(100, ROOMY, limits);
    rig.scheduler.add(stopping("eos", 0, Set.of(), false));
    rig.scheduler.add(stopping("own", 0, Set.of(free.get(1)), true));
    rig.scheduler.add(stopping("minimum", 4, Set.of(), false));
    rig.scheduler.add(stopping("ignored", 0, Set.of(), true));
    rig.runToEnd();

    assertThat(rig.tokensOf("eos")).isEqualTo(free.subList(0, 3));
    assertThat(rig.lastOf("eos").finish()).isEqualTo(FinishReason.STOP);
    assertThat(rig.tokensOf("own")).isEqualTo(free.subList(0, 2));
    assertThat(rig.tokensOf("minimum")).hasSize(9);
    assertThat(rig.tokensOf("ignored")).hasSize(9);
  }

  private static Generate stopping(String rid, int min, Set<Integer> stops, boolean ignoreEos) {
    SamplingParams sampling =
        SamplingParams.greedy(9).withMinTokens(min).withStopTokens(stops).withIgnoreEos(ignoreEos);
    return new Generate(rid, prompt(1, 4), sampling, 0, TraceCarrier.none());
  }

  @Test
  void aFailureEndsEveryOpenRequest() {
    SchedulerRig rig = new SchedulerRig(100, new SchedulerConfig(16, 1, 8, 0));
    rig.scheduler.add(request("running", prompt(1, 4), 9));
    rig.scheduler.add(request("waiting", prompt(2, 4), 9));
    rig.step();
    rig.scheduler.failAll("rank 1 died");
    assertThat(rig.lastOf("running").error()).isEqualTo("rank 1 died");
    assertThat(rig.lastOf("waiting").finish()).isEqualTo(FinishReason.ERROR);
    assertThat(rig.scheduler.hasWork()).isFalse();
    assertThat(rig.blocks.used()).isZero();
  }

  @Test
  void anIdThatIsOpenIsNotTakenTwice() {
    SchedulerRig rig = new SchedulerRig(100, ROOMY);
    rig.scheduler.add(request("a", prompt(1, 4), 9));
    assertThatThrownBy(() -> rig.scheduler.add(request("a", prompt(1, 4), 9)))
        .hasMessage("request a is open already");
  }
}
