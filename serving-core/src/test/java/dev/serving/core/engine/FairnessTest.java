package dev.serving.core.engine;

import static dev.serving.core.engine.SchedulerRig.ofClient;
import static dev.serving.core.engine.SchedulerRig.prompt;
import static dev.serving.core.engine.SchedulerRig.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.message.FinishReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** This shows how clients share an engine, and how one client's own requests do. */
class FairnessTest {
  private static final SchedulerConfig ONE = new SchedulerConfig(16, 1, 99, 0);
  private static final SchedulerConfig FOUR = new SchedulerConfig(16, 4, 99, 0);
  private static final String GREEDY = "greedy";
  private static final String MODEST = "modest";

  private final SchedulerRig rig = new SchedulerRig(400, FOUR);

  private static void add(SchedulerRig rig, String client, int count, int maxTokens) {
    for (int i = 0; i < count; i++) {
      int[] prompt = promptOf(client, i);
      rig.scheduler.add(ofClient(client, client + i, prompt, maxTokens));
    }
  }

  private static int[] promptOf(String client, int i) {
    return prompt(client.length() * 20 + i, 4);
  }

  @Test
  void clientsTakeTurns() {
    SchedulerRig one = new SchedulerRig(100, ONE);
    add(one, GREEDY, 3, 1);
    add(one, MODEST, 2, 1);
    one.runToEnd();
    assertThat(one.ended()).containsExactly("greedy0", "modest0", "greedy1", "modest1", "greedy2");
  }

  @Test
  void turnsAreCountedInWhatIsComputed() {
    SchedulerRig one = new SchedulerRig(100, ONE);
    one.scheduler.add(ofClient("long", "long0", prompt(1, 12), 1));
    one.scheduler.add(ofClient("long", "long1", prompt(2, 12), 1));
    add(one, "short", 4, 1);
    one.runToEnd();
    assertThat(one.ended())
        .containsExactly("long0", "short0", "short1", "short2", "long1", "short3");
  }

  @Test
  void whoWasAwayHasNoCredit() {
    SchedulerRig one = new SchedulerRig(100, ONE);
    add(one, "busy", 9, 1);
    one.steps(4);
    add(one, "late", 3, 1);
    one.steps(4);
    assertThat(one.ended().subList(4, 8)).containsOnlyOnce("late0", "late1").hasSize(4);
    assertThat(one.ended().subList(4, 8)).filteredOn(rid -> rid.startsWith("busy")).hasSize(2);
  }

  /** This shows how a client that holds every place gives one up, and loses nothing but time. */
  @Test
  void whoHoldsMoreThanHisShareMakesWay() {
    add(rig, GREEDY, 9, 60);
    rig.steps(20);
    add(rig, MODEST, 1, 60);
    rig.steps(3);

    assertThat(rig.events).containsOnlyOnce("preempted greedy3 others' turn");
    assertThat(rig.events).contains("firstToken modest0");
    rig.runToEnd();
    assertThat(rig.ended().indexOf("modest0")).isLessThan(4);
    assertThat(rig.tokensOf("greedy3")).hasSize(60);
    assertThat(rig.tokensOf("greedy3")).isEqualTo(ShadowRanks.expected(promptOf(GREEDY, 3), 60));
  }

  @Test
  void sharesEndUpEqualAndStay() {
    add(rig, GREEDY, 9, 200);
    rig.steps(20);
    add(rig, MODEST, 9, 200);
    rig.steps(40);
    assertThat(text(rig.step())).contains("greedy0", "greedy1", "modest0", "modest1");
    assertThat(rig.scheduler.preemptions()).isEqualTo(2);
  }

  @Test
  void manyClientsDoNotTakeFromOneAnother() {
    for (int i = 0; i < 9; i++) {
      add(rig, "client " + i + " ", 1, 60);
    }
    rig.runToEnd();
    assertThat(rig.scheduler.preemptions()).isZero();
  }

  @Test
  void nobodyMakesWayBeforeHeHasMadeSomeTokens() {
    add(rig, GREEDY, 4, 60);
    rig.steps(FairShare.TURN - 1);
    add(rig, MODEST, 1, 60);
    rig.step();
    assertThat(rig.scheduler.preemptions()).isZero();
    rig.step();
    assertThat(rig.scheduler.preemptions()).isEqualTo(1);
  }

  /** This shows how a short answer is not kept waiting by long ones of the same client. */
  @Test
  void aShortAnswerGoesBeforeItsClientsLongOnes() {
    add(rig, GREEDY, 9, 300);
    rig.steps(20);
    rig.scheduler.add(ofClient(GREEDY, "short", prompt(1, 4), 5));
    rig.steps(6);
    assertThat(rig.ended()).containsExactly("short");
    rig.runToEnd();
    assertThat(rig.scheduler.preemptions()).isEqualTo(1);
  }

  @Test
  void answersOfLikeLengthKeepTheirOrder() {
    add(rig, GREEDY, 9, 60);
    rig.steps(20);
    rig.scheduler.add(ofClient(GREEDY, "shorter", prompt(1, 4), 50));
    rig.runToEnd();
    assertThat(rig.scheduler.preemptions()).isZero();
  }

  /** Short ones come for ever; a long one is passed for a while, and then no more. */
  @Test
  void aLongAnswerIsNotPassedForEver() {
    SchedulerRig one = new SchedulerRig(200, ONE);
    one.scheduler.add(ofClient(GREEDY, "long", prompt(1, 4), 300));
    for (int i = 0; !one.ended().contains("long"); i++) {
      assertThat(i).isLessThan(4000);
      if (one.scheduler.waiting() < 2) {
        one.scheduler.add(ofClient(GREEDY, "short" + i, prompt(2 + i % 40, 4), 20));
      }
      one.step();
    }
    assertThat(one.ended()).hasSizeGreaterThan(10);
    assertThat(one.tokensOf("long")).hasSize(300);
  }

  @Test
  void nobodyMakesWayForWhoIsLessUrgent() {
    add(rig, GREEDY, 4, 60);
    rig.steps(20);
    rig.scheduler.add(ofClient(MODEST, "patient", prompt(1, 4), 5, 1));
    rig.scheduler.add(ofClient(GREEDY, "equal", prompt(2, 4), 60, 0));
    rig.runToEnd();
    assertThat(rig.scheduler.preemptions()).isZero();
    assertThat(rig.ended().subList(0, 4)).doesNotContain("patient", "equal");
  }

  @Test
  void whoHoldsAllMemoryMakesWay() {
    SchedulerRig small = new SchedulerRig(48, FOUR);
    small.scheduler.add(ofClient(GREEDY, "one", prompt(1, 60), 30));
    small.scheduler.add(ofClient(GREEDY, "two", prompt(2, 60), 30));
    small.steps(25);
    small.scheduler.add(ofClient(MODEST, "other", prompt(3, 30), 3));
    small.steps(6);
    assertThat(small.events).contains("preempted two others' turn");
    small.runToEnd();
    assertThat(small.ended()).isEqualTo(List.of("other", "one", "two"));
  }

  /** This shows how a prompt that fills many steps leaves some of each to another client's. */
  @Test
  void aLongPromptLeavesRoomForAnotherClients() {
    rig.scheduler.add(ofClient(GREEDY, "long", prompt(1, 100), 1));
    rig.scheduler.add(ofClient(MODEST, "other", prompt(2, 8), 1));
    assertThat(text(rig.step())).isEqualTo("long:P0+16");
    assertThat(text(rig.step())).isEqualTo("long:P16+8 other:P0+8*");
    assertThat(text(rig.step())).isEqualTo("long:P24+16");
  }

  @Test
  void aLongPromptLeavesRoomForAFarShorterOneButNotForItsLike() {
    rig.scheduler.add(ofClient(GREEDY, "long", prompt(1, 100), 1));
    rig.scheduler.add(ofClient(GREEDY, "like it", prompt(2, 90), 1));
    rig.step();
    assertThat(text(rig.step())).isEqualTo("long:P16+16");
    rig.scheduler.add(ofClient(GREEDY, "short", prompt(3, 8), 1, -1));
    rig.step();
    assertThat(text(rig.step())).isEqualTo("long:P48+8 short:P0+8*");
  }

  @Test
  void whereNoMoreMayWaitWhoHasMostMakesWay() {
    SchedulerRig one = new SchedulerRig(100, new SchedulerConfig(16, 1, 3, 0));
    add(one, GREEDY, 4, 1);
    add(one, MODEST, 2, 1);
    assertThat(one.ended()).containsExactly("greedy3", "greedy2", "modest1");
    assertThat(one.lastOf("greedy2").finish()).isEqualTo(FinishReason.BUSY);
    one.runToEnd();
    assertThat(one.ended().subList(3, 6)).containsExactly("greedy0", "modest0", "greedy1");
  }

  @Test
  void whoIsMoreUrgentDoesNotMakeWay() {
    SchedulerRig one = new SchedulerRig(100, new SchedulerConfig(16, 1, 2, 0));
    one.scheduler.add(ofClient(GREEDY, "urgent0", prompt(1, 4), 1, -1));
    one.scheduler.add(ofClient(GREEDY, "urgent1", prompt(2, 4), 1, -1));
    add(one, MODEST, 1, 1);
    assertThat(one.ended()).containsExactly("modest0");
  }
}
