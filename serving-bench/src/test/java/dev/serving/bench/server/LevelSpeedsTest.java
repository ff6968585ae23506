package dev.serving.bench.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Ratios are taken within a round, so that a machine that slows down over time changes none. */
class LevelSpeedsTest {
  @Test
  void aMachineThatSlowsDownChangesNoRatio() {
    LevelSpeeds speeds = new LevelSpeeds();
    for (int round = 1; round <= 20; round++) {
      double mood = 100.0 / round;
      speeds.add(mood, mood, 0.99 * mood, 0.9 * mood);
    }

    assertThat(speeds.rounds()).isEqualTo(20);
    assertThat(speeds.ratio(2)).isCloseTo(0.99, within(1e-9));
    assertThat(speeds.interval(3)).containsExactly(new double[] {0.9, 0.9}, within(1e-9));
    assertThat(speeds.table(true)).contains("1.000").contains("reached").contains("0.98 missed");
    assertThat(speeds.table(false)).doesNotContain("goal");
  }

  @Test
  void theIntervalLeavesOutWhatIsRare() {
    LevelSpeeds speeds = new LevelSpeeds();
    for (int round = 0; round < 100; round++) {
      speeds.add(1, 1 + round / 1000.0, 1, 1);
    }

    assertThat(speeds.ratio(1)).isCloseTo(1.0495, within(1e-9));
    assertThat(speeds.interval(1)).containsExactly(new double[] {1.040, 1.059}, within(1e-9));
  }

  @Test
  void aRoundWithoutAllLevelsIsRefused() {
    assertThatThrownBy(() -> new LevelSpeeds().add(1, 2)).hasMessageContaining("4 speeds");
  }
}
