package dev.serving.core.engine;

import static dev.serving.core.engine.SchedulerRig.ROOMY;
import static dev.serving.core.engine.SchedulerRig.ofClient;
import static dev.serving.core.engine.SchedulerRig.prompt;
import static dev.serving.core.engine.SchedulerRig.request;
import static dev.serving.core.engine.SchedulerRig.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.Release.Cause;
import org.junit.jupiter.api.Test;

/** This shows what becomes of a sequence whose client does not read. */
class PauseTest {
  @Test
  void itIsInNoStepUntilItsClientReads() {
    SchedulerRig rig = new SchedulerRig(100, ROOMY);
    rig.scheduler.add(request("slow", prompt(1, 5), 6));
    rig.scheduler.add(request("good", prompt(2, 5), 9));
    rig.steps(2);
    rig.scheduler.pause("slow");
    assertThat(text(rig.step())).isEqualTo("good:D6+1*");
    assertThat(rig.scheduler.paused()).isEqualTo(1);
    assertThat(rig.scheduler.running()).isEqualTo(1);
    rig.scheduler.resume("slow");
    assertThat(text(rig.step())).isEqualTo("slow:D6+1* good:D7+1*");
    rig.runToEnd();
    assertThat(rig.tokensOf("slow")).isEqualTo(ShadowRanks.expected(prompt(1, 5), 6));
    assertThat(rig.events).containsOnlyOnce("paused slow", "resumed slow");
  }

  @Test
  void whereNobodyReadsThereIsNothingToDo() {
    SchedulerRig rig = pausedAlone();
    assertThat(rig.scheduler.hasWork()).isFalse();
    rig.scheduler.resume("slow");
    assertThat(rig.scheduler.hasWork()).isTrue();
    rig.runToEnd();
    assertThat(rig.tokensOf("slow")).isEqualTo(ShadowRanks.expected(prompt(1, 5), 6));
  }

  /** Nobody is there but one that has begun to answer, and whose client does not read. */
  private static SchedulerRig pausedAlone() {
    SchedulerRig rig = new SchedulerRig(100, ROOMY);
    rig.scheduler.add(request("slow", prompt(1, 5), 6));
    rig.step();
    rig.scheduler.pause("slow");
    return rig;
  }

  /** What ranks are working on is finished, and told. */
  @Test
  void aStepThatIsUnderWayIsNotLost() {
    SchedulerRig rig = new SchedulerRig(100, ROOMY);
    rig.scheduler.add(request("slow", prompt(1, 5), 3));
    Batch batch = rig.scheduler.next();
    rig.scheduler.pause("slow");
    rig.scheduler.complete(batch, SchedulerRig.result(1, rig.ranks.run(batch.toStep())));
    assertThat(rig.tokensOf("slow")).hasSize(1);
    assertThat(rig.scheduler.hasWork()).isFalse();
    rig.scheduler.resume("slow");
    rig.scheduler.pause("slow");
    assertThat(rig.scheduler.hasWork()).isFalse();
    rig.scheduler.resume("slow");
    rig.runToEnd();
    assertThat(rig.tokensOf("slow")).isEqualTo(ShadowRanks.expected(prompt(1, 5), 3));
  }

  @Test
  void itHoldsNoPlaceThatOthersWaitFor() {
    SchedulerRig rig = new SchedulerRig(100, new SchedulerConfig(16, 1, 8, 0));
    rig.scheduler.add(request("slow", prompt(1, 5), 6));
    rig.step();
    rig.scheduler.add(request("good", prompt(2, 5), 4));
    rig.scheduler.pause("slow");
    assertThat(text(rig.step())).isEqualTo("good:P0+5*");
    rig.scheduler.resume("slow"); // its place is taken: it waits for its turn
    assertThat(text(rig.step())).isEqualTo("good:D5+1*");
    assertThat(rig.scheduler.waiting()).isEqualTo(1);
    rig.runToEnd();
    assertThat(rig.ended()).containsExactly("good", "slow");
    assertThat(rig.tokensOf("slow")).isEqualTo(ShadowRanks.expected(prompt(1, 5), 6));
  }

  /** Ten blocks; the slow one has three, and would be senior to the others. */
  @Test
  void itIsTheFirstToLoseItsBlocksAndKeepsThemWhileNobodyNeedsThem() {
    SchedulerRig rig = new SchedulerRig(10, ROOMY);
    rig.scheduler.add(request("slow", prompt(1, 8), 12));
    rig.steps(2);
    rig.scheduler.pause("slow");
    rig.scheduler.add(request("good", prompt(2, 8), 12));
    rig.step();
    assertThat(rig.releases).isEmpty();
    rig.scheduler.add(request("other", prompt(3, 14), 12));
    rig.steps(2);
    assertThat(rig.releases).extracting(Release::rid).containsExactly("slow");
    assertThat(rig.events).contains("preempted slow its client does not read");
    rig.steps(6);
    assertThat(rig.tokensOf("slow")).hasSize(2);
    rig.scheduler.resume("slow");
    rig.runToEnd();
    assertThat(rig.tokensOf("slow")).isEqualTo(ShadowRanks.expected(prompt(1, 8), 12));
    assertThat(rig.tokensOf("good")).isEqualTo(ShadowRanks.expected(prompt(2, 8), 12));
  }

  /** Others' share is of what is used: who does not read uses nothing. */
  @Test
  void itCountsForNothingInItsClientsShare() {
    SchedulerRig rig = new SchedulerRig(100, new SchedulerConfig(16, 2, 8, 0));
    rig.scheduler.add(ofClient("a", "slow", prompt(1, 3), 60));
    rig.scheduler.add(ofClient("a", "read", prompt(2, 3), 60));
    rig.steps(20);
    rig.scheduler.pause("slow");
    rig.scheduler.add(ofClient("b", "other", prompt(3, 3), 60));
    rig.steps(5);
    assertThat(rig.releases).isEmpty();
    assertThat(rig.scheduler.running()).isEqualTo(2);
  }

  @Test
  void itsEndGivesEverythingBack() {
    SchedulerRig rig = pausedAlone();
    rig.scheduler.cancel("slow", FinishReason.ABORT);
    assertThat(rig.lastOf("slow").finish()).isEqualTo(FinishReason.ABORT);
    assertThat(rig.releases).extracting(Release::cause).containsExactly(Cause.ABORTED);
    assertThat(rig.scheduler.paused()).isZero();
    assertThat(rig.blocks.used()).isZero();
  }

  @Test
  void oneThatWaitsWaitsForItsClientToo() {
    SchedulerRig rig = new SchedulerRig(100, new SchedulerConfig(16, 1, 8, 0));
    rig.scheduler.add(request("runs", prompt(1, 5), 2));
    rig.scheduler.add(request("slow", prompt(2, 5), 2));
    rig.step();
    rig.scheduler.pause("slow");
    rig.runToEnd();
    assertThat(rig.ended()).containsExactly("runs");
    rig.scheduler.resume("slow");
    rig.runToEnd();
    assertThat(rig.ended()).containsExactly("runs", "slow");
  }
}
