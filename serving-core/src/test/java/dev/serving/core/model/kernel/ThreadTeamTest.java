package dev.serving.core.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This shows how a team shares work. */
class ThreadTeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void everyMemberRunsATaskOnce(int size) {
    try (ThreadTeam team = new ThreadTeam(size)) {
      for (int round = 0; round < 2_000; round++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(size);
        team.run(runs::incrementAndGet);
        for (int m = 0; m < size; m++) {
          assertThat(runs.get(m)).isEqualTo(1);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 100})
  void everyItemIsHandledOnce(int items) {
    try (ThreadTeam team = new ThreadTeam(3)) {
      AtomicIntegerArray seen = new AtomicIntegerArray(items);
      team.forRange(
          items,
          4,
          (member, from, to) -> {
            for (int i = from; i < to; i++) {
              seen.incrementAndGet(i);
            }
          });
      for (int i = 0; i < items; i++) {
        assertThat(seen.get(i)).isEqualTo(1);
      }
    }
  }

  @Test
  void aFailureReachesTheCallerAndTheTeamGoesOn() {
    try (ThreadTeam team = new ThreadTeam(2)) {
      assertThatThrownBy(
              () ->
                  team.run(
                      member -> {
                        if (member == 1) {
                          throw new IllegalStateException("member 1 failed");
                        }
                      }))
          .hasMessage("member 1 failed");
      AtomicInteger runs = new AtomicInteger();
      team.run(member -> runs.incrementAndGet());
      assertThat(runs).hasValue(2);
    }
  }

  @Test
  void aClosedTeamAndABadSizeAreRefused() {
    ThreadTeam team = new ThreadTeam(1);
    team.close();
    assertThatThrownBy(() -> team.run(member -> {})).hasMessageContaining("closed");
    assertThatThrownBy(() -> new ThreadTeam(0)).hasMessageContaining("1 to 1024");
  }
}
