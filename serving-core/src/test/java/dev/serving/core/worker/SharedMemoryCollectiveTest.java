package dev.serving.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * This shows that ranks sum and gather to the same bits, and that whoever waits for a dead one
 * hears of it.
 */
class SharedMemoryCollectiveTest {
  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  private interface Rank {
    float[] run(SharedMemoryCollective collective, SharedMemory memory);
  }

  private List<Future<float[]>> start(int size, Rank rank) {
    SharedMemory.create(directory, size);
    List<Future<float[]>> results = new ArrayList<>();
    for (int k = 0; k < size; k++) {
      SharedMemory memory = SharedMemory.open(directory, size);
      SharedMemoryCollective collective = new SharedMemoryCollective(memory, k, size);
      results.add(threads.submit(() -> rank.run(collective, memory)));
    }
    return results;
  }

  private static float[] random(int seed, int length) {
    Random random = new Random(seed);
    float[] data = new float[length];
    for (int i = 0; i < length; i++) {
      data[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(6)));
    }
    return data;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void everyRankHasTheSameBitsOfTheSum(int size) throws Exception {
    int rounds = 200;
    int length = 1000;
    List<Future<float[]>> results =
        start(
            size,
            (collective, memory) -> {
              float[] all = new float[rounds * length];
              for (int round = 0; round < rounds; round++) {
                float[] data = random(round * 10 + collective.rank(), length + 7);
                collective.allReduceSum(data, 7, length);
                System.arraycopy(data, 7, all, round * length, length);
              }
              return all;
            });
    float[] first = results.get(0).get();
    for (Future<float[]> result : results) {
      assertThat(result.get()).isEqualTo(first);
    }
    for (int round = 0; round < rounds; round++) {
      float[] sum = new float[length];
      for (int rank = 0; rank < size; rank++) {
        float[] part = random(round * 10 + rank, length + 7);
        for (int i = 0; i < length; i++) {
          sum[i] += part[7 + i];
        }
      }
      float[] got = Arrays.copyOfRange(first, round * length, (round + 1) * length);
      assertThat(got).as("round %d", round).isEqualTo(sum);
    }
  }

  @Test
  void whatIsLargerThanASlotGoesInPieces() throws Exception {
    int length = 2 * SharedMemory.SLOT + 5;
    List<Future<float[]>> results =
        start(
            2,
            (collective, memory) -> {
              float[] data = random(collective.rank(), length);
              collective.allReduceSum(data, 0, length);
              return data;
            });
    float[] a = random(0, length);
    float[] b = random(1, length);
    float[] sum = results.get(1).get();
    for (int i : new int[] {0, SharedMemory.SLOT - 1, SharedMemory.SLOT, length - 1}) {
      assertThat(sum[i]).isEqualTo(a[i] + b[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, SharedMemory.SLOT / 2, SharedMemory.SLOT + 11})
  void columnsAreGatheredOnRankZero(int columns) throws Exception {
    int rows = 5;
    List<Future<float[]>> results =
        start(
            3,
            (collective, memory) -> {
              float[] full = collective.rank() == 0 ? new float[rows * 3 * columns] : null;
              collective.gather(random(collective.rank(), rows * columns), rows, columns, full);
              return full;
            });
    float[] full = results.get(0).get();
    for (int rank = 0; rank < 3; rank++) {
      float[] part = random(rank, rows * columns);
      for (int row = 0; row < rows; row++) {
        assertThat(full[(row * 3 + rank) * columns]).isEqualTo(part[row * columns]);
        assertThat(full[(row * 3 + rank + 1) * columns - 1])
            .isEqualTo(part[(row + 1) * columns - 1]);
      }
    }
  }

  /** This shows how nobody waits for ever for a rank that is gone. */
  @Test
  void aRankWhosePulseStopsIsNoticed() {
    List<Future<float[]>> results =
        start(
            2,
            (collective, memory) -> {
              memory.pulse(1, 7); // began, and never beats again
              if (collective.rank() == 0) {
                collective.allReduceSum(new float[4], 0, 4);
              }
              return null;
            });
    assertThatThrownBy(() -> results.get(0).get())
        .hasCauseInstanceOf(PeerLostException.class)
        .hasMessageContaining("rank 1 has stopped");
  }

  @Test
  void whoeverWaitsIsReleasedWhenTheEngineGivesUp() {
    List<Future<float[]>> results =
        start(
            2,
            (collective, memory) -> {
              if (collective.rank() == 1) {
                memory.giveUp();
              } else {
                collective.allReduceSum(new float[4], 0, 4);
              }
              return null;
            });
    assertThatThrownBy(() -> results.get(0).get())
        .hasCauseInstanceOf(PeerLostException.class)
        .hasMessageContaining("another rank failed")
        .cause()
        .extracting(lost -> ((PeerLostException) lost).waitedNs(), LONG)
        .isPositive();
  }

  @Test
  void theFileCanBeRemovedWhileItIsInUse() throws Exception {
    Path own = SharedMemory.directory(null);
    SharedMemory one = SharedMemory.create(own, 2);
    SharedMemory two = SharedMemory.open(own, 2);
    SharedMemory.remove(own);
    assertThat(Files.exists(own)).isFalse();
    one.publish(1, 42);
    assertThat(two.published(1)).isEqualTo(42);
  }
}
