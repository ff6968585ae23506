package dev.serving.core.engine;

import static dev.serving.core.engine.Demo.prompt;
import static dev.serving.core.engine.Demo.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.message.RankMessage.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** This shows what an engine's record of a step holds: when it was what, and who was in it. */
class StepRecordTest {
  private final List<Seen> steps = Collections.synchronizedList(new ArrayList<>());

  @Test
  void timesFollowOneAnotherAndEachRanksTimeFitsIntoTheStep() {
    run(2);
    for (Seen step : copy()) {
      assertThat(step.times).isSorted();
      assertThat(step.ranks).hasSize(2);
      for (long[] rank : step.ranks) {
        assertThat(rank[0]).as("busy").isPositive();
        assertThat(rank[0] + rank[1]).isLessThanOrEqualTo(step.times.get(2) - step.times.get(1));
      }
      assertThat(step.ranks).as("who waits for whom").anyMatch(rank -> rank[1] > 0);
    }
  }

  @Test
  void oneRankWaitsForNobody() {
    run(1);
    assertThat(copy()).allMatch(step -> step.ranks.size() == 1 && step.ranks.get(0)[1] == 0);
  }

  @Test
  void stepsDoNotOverlapAndAreNumberedInOrder() {
    run(1);
    List<Seen> all = copy();
    for (int i = 1; i < all.size(); i++) {
      assertThat(all.get(i).id).isEqualTo(all.get(i - 1).id + 1);
      assertThat(all.get(i).times.get(0)).isGreaterThanOrEqualTo(all.get(i - 1).times.get(3));
    }
  }

  @Test
  void partsSayWhoHadWhichRowsAtWhichPosition() {
    run(1);
    List<Seen> all = copy();
    assertThat(all.get(0).parts).containsExactly("a PREFILL 20 at 0");
    assertThat(all.get(1).parts).containsExactly("a DECODE 1 at 20");
    assertThat(all.get(3).parts).containsExactly("a DECODE 1 at 22");
    assertThat(all.get(0).rows).containsExactly(20, 0);
    assertThat(all.get(1).rows).containsExactly(0, 1);
  }

  private void run(int ranks) {
    RankLauncher launcher = ranks == 1 ? RankLauncher.NONE : new RankMain.Launcher();
    try (TestFrontend frontend =
        TestFrontend.start(Demo.config(ranks), launcher, o -> o.withListener(new Recorder()))
            .ready()) {
      frontend.send(request("a", prompt(1, 20), 8));
      frontend.untilEnded("a");
    }
  }

  private List<Seen> copy() {
    List<Seen> all = List.copyOf(steps);
    assertThat(all).hasSize(8);
    return all;
  }

  private record Seen(
      long id, List<Long> times, List<long[]> ranks, List<String> parts, List<Integer> rows) {}

  private final class Recorder implements EngineListener {
    @Override
    public void step(StepRecord step) {
      List<long[]> ranks = new ArrayList<>();
      for (int rank = 0; rank < step.ranks(); rank++) {
        ranks.add(new long[] {step.busyNs(rank), step.waitedNs(rank)});
      }
      List<String> parts = new ArrayList<>();
      for (int part = 0; part < step.sequences(); part++) {
        parts.add(
            "%s %s %d at %d"
                .formatted(step.rid(part), step.phase(part), step.rows(part), step.position(part)));
      }
      steps.add(
          new Seen(
              step.id(),
              List.of(step.plannedNs(), step.sentNs(), step.answeredNs(), step.completedNs()),
              ranks,
              parts,
              List.of(step.rows(Phase.PREFILL), step.rows(Phase.DECODE))));
    }
  }
}
