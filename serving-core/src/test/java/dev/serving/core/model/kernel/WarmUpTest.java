package dev.serving.core.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.model.kernel.Kernels.Family;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** This shows that vector kernels are used once they are faster than plain ones, and not before. */
class WarmUpTest {
  private final Kernels vectors = new VectorKernels();
  private final Kernels plain = new ScalarKernels(vectors.lanes());

  @Test
  void everyFamilyGetsFasterThanPlainJava() {
    Set<Family> faster = ConcurrentHashMap.newKeySet();
    WarmUp warmUp = new WarmUp(vectors, plain, faster::add);
    EnumSet.allOf(Family.class).forEach(warmUp::start);
    assertThat(warmUp.await(Duration.ofMinutes(3))).isTrue();
    assertThat(faster).containsExactlyInAnyOrder(Family.values());
  }

  @Test
  void aFamilyThatIsStartedLaterIsTriedToo() {
    Set<Family> faster = ConcurrentHashMap.newKeySet();
    WarmUp warmUp = new WarmUp(vectors, plain, faster::add);
    warmUp.start(Family.ELEMENTS);
    assertThat(warmUp.await(Duration.ofMinutes(3))).isTrue();
    warmUp.start(Family.ATTENTION);
    assertThat(warmUp.await(Duration.ofMinutes(3))).isTrue();
    assertThat(faster).containsExactlyInAnyOrder(Family.ELEMENTS, Family.ATTENTION);
  }

  @Test
  void aKernelThatStaysSlowLoses() {
    Trial trial = new Trial("slow", k -> spin(k == vectors ? 100_000 : 0));
    assertThat(trial.vectorsWin(vectors, plain, Duration.ofMillis(300).toNanos())).isFalse();
    assertThat(trial.vectorNanos()).isGreaterThan(trial.plainNanos());
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
