package dev.serving.core.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This shows how a team shares work. */
class ThreadTeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void roundAfterRoundIsCompleteWhenItReturns(int size) {
    try (ThreadTeam team = new ThreadTeam(size)) {
      long[] sums = new long[40]; // plain: the team itself must make what members wrote visible
      for (int round = 1; round <= 20_000; round++) {
        int number = round;
        team.forRange(
            40,
            1,
            (member, from, to) -> {
              for (int i = from; i < to; i++) {
                sums[i] += number;
              }
            });
        for (long sum : sums) {
          assertThat(sum).isEqualTo((long) round * (round + 1) / 2);
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
  void eachBeginsWithAShareOfItsOwnAndOthersTakeWhatItLeaves() {
    try (ThreadTeam team = new ThreadTeam(2)) {
      CountDownLatch begun = new CountDownLatch(2);
      CountDownLatch rest = new CountDownLatch(7);
      AtomicIntegerArray by = new AtomicIntegerArray(8);
      team.forRange(
          8,
          1,
          (member, from, to) -> {
            by.set(from, member);
            begun.countDown();
            await(begun);
            if (member == 1) {
              await(rest);
            }
            rest.countDown();
          });
      assertThat(by).hasToString("[0, 0, 0, 0, 1, 0, 0, 0]");
    }
  }

  @Test
  void theFirstItemsOneByOneAreTakenSideBySide() {
    try (ThreadTeam team = new ThreadTeam(2)) {
      List<Integer> begun = new CopyOnWriteArrayList<>();
      CountDownLatch both = new CountDownLatch(2);
      team.forEach(
          6,
          i -> {
            begun.add(i);
            both.countDown();
            await(both);
          });
      assertThat(begun.subList(0, 2)).containsExactlyInAnyOrder(0, 1);
      assertThat(begun).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }
  }

  @Test
  void aFailureReachesTheCallerAndTheTeamGoesOn() {
    try (ThreadTeam team = new ThreadTeam(2)) {
      CountDownLatch both = new CountDownLatch(2);
      assertThatThrownBy(
              () ->
                  team.forRange(
                      2,
                      1,
                      (member, from, to) -> {
                        both.countDown();
                        await(both);
                        if (member == 1) {
                          throw new IllegalStateException("member 1 failed");
                        }
                      }))
          .hasMessage("member 1 failed");
      AtomicInteger runs = new AtomicInteger();
      team.forRange(2, 1, (member, from, to) -> runs.incrementAndGet());
      assertThat(runs).hasValue(2);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aClosedTeamAndABadSizeAreRefused() {
    ThreadTeam team = new ThreadTeam(1);
    team.close();
    assertThatThrownBy(() -> team.forRange(1, 1, (member, from, to) -> {}))
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> new ThreadTeam(0)).hasMessageContaining("1 to 1024");
  }
}
