package dev.serving.core.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.core.model.kernel.Kernels.Family;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * This shows that vector kernels are used once they are faster than plain ones, and not before. How
 * long a call takes is made up.
 */
class WarmUpTest {
  private static final int PLAIN = 10; // ns a call
  private static final int NOT_COMPILED = 1_000_000;
  private static final int COMPILED = 2;
  private static final int COMPILED_AFTER = 3000; // calls
  private static final int PLAIN_COMPILED_AFTER = 60;
  private static final int COMPILED_LATE = 20_000; // after more than a try's time
  private static final Duration END = Duration.ofMinutes(3);

  private final Kernels vectors = new VectorKernels();
  private final Kernels plain = new ScalarKernels(vectors.lanes());
  private final Set<Family> faster = ConcurrentHashMap.newKeySet();

  /** A kernel whose vector form is compiled after so many calls of it. */
  private final class MadeUp implements Trial.Clock {
    private final int compiledAfter;
    private int calls;
    private int plainCalls;
    private long now;
    private long rested;

    MadeUp(int compiledAfter) {
      this.compiledAfter = compiledAfter;
    }

    private void call(Kernels kernels) {
      if (kernels == plain) {
        now += plainCalls++ < PLAIN_COMPILED_AFTER ? NOT_COMPILED : PLAIN;
      } else {
        now += calls++ < compiledAfter ? NOT_COMPILED - 1 : COMPILED;
      }
    }

    Trial trial() {
      return new Trial("made up", this::call, this);
    }

    @Override
    public long nanos() {
      return now;
    }

    @Override
    public void rest(long nanos) {
      now += nanos;
      rested += nanos;
    }
  }

  @Test
  void aKernelWinsOnceItIsTheFasterOneAlsoWherePlainJavaIsColdAtFirst() {
    Trial trial = new MadeUp(COMPILED_AFTER).trial();
    assertThat(trial.vectorsWin(vectors, plain, Long.MAX_VALUE / 2)).isTrue();
    assertThat(trial.vectorNanos()).isEqualTo(COMPILED);
    assertThat(trial.plainNanos()).isEqualTo(PLAIN);
  }

  @Test
  void aKernelThatStaysSlowLoses() {
    Trial trial = new MadeUp(Integer.MAX_VALUE).trial();
    assertThat(trial.vectorsWin(vectors, plain, Duration.ofSeconds(1).toNanos())).isFalse();
    assertThat(trial.vectorNanos()).isEqualTo(NOT_COMPILED - 1);
  }

  @Test
  void whoWaitsForTheCompilerLeavesItTheCore() {
    MadeUp soon = new MadeUp(0);
    assertThat(soon.trial().vectorsWin(vectors, plain, Long.MAX_VALUE / 2)).isTrue();
    assertThat(soon.rested).isZero();
    MadeUp late = new MadeUp(COMPILED_LATE);
    assertThat(late.trial().vectorsWin(vectors, plain, Long.MAX_VALUE / 2)).isTrue();
    assertThat(late.rested).isPositive();
  }

  @Test
  void aFamilyThatIsCompiledLateIsUsedAllTheSame() {
    List<Trial> late = List.of(new MadeUp(COMPILED_LATE).trial());
    WarmUp warmUp = new WarmUp(vectors, plain, family -> late, faster::add);
    warmUp.start(Family.BF16);
    assertThat(warmUp.await(END)).isTrue();
    assertThat(faster).containsExactly(Family.BF16);
  }

  @Test
  void aFamilyIsFasterWhenAllItsKernelsAreAlsoOneThatIsStartedLater() {
    WarmUp warmUp = new WarmUp(vectors, plain, this::trials, faster::add);
    warmUp.start(Family.ELEMENTS);
    warmUp.start(Family.INT8);
    assertThat(warmUp.await(END)).isTrue();
    assertThat(faster).containsExactly(Family.ELEMENTS);
    warmUp.start(Family.ATTENTION);
    assertThat(warmUp.await(END)).isTrue();
    assertThat(faster).containsExactlyInAnyOrder(Family.ELEMENTS, Family.ATTENTION);
  }

  @Test
  void aLargeModelDoesNotWaitUntilItIsWarm() {
    WarmUp warmUp = new WarmUp(vectors, plain, this::trials, faster::add);
    warmUp.start(Family.BF16);
    warmUp.weights(1L << 26);
    await().until(() -> faster.contains(Family.BF16));
  }

  @Test
  void aSmallModelsKernelsAreTriedOnceItIsWarm() {
    WarmUp warmUp = new WarmUp(vectors, plain, this::trials, faster::add);
    warmUp.weights(1L << 20);
    warmUp.start(Family.BF16);
    assertThat(faster).isEmpty();
    warmUp.modelIsWarm();
    await().until(() -> faster.contains(Family.BF16));
  }

  /** Of int8, one kernel stays slow. */
  private List<Trial> trials(Family family) {
    int last = family == Family.INT8 ? Integer.MAX_VALUE : COMPILED_AFTER;
    return List.of(new MadeUp(0).trial(), new MadeUp(last).trial());
  }

  /** What it is depends on the machine. */
  @Test
  void everyRealFamilyGetsAVerdict() {
    Set<Family> tried = ConcurrentHashMap.newKeySet();
    WarmUp warmUp =
        new WarmUp(
            vectors,
            plain,
            family -> {
              tried.add(family);
              return new TrialData(vectors).trials(family);
            },
            faster::add);
    EnumSet.allOf(Family.class).forEach(warmUp::start);
    assertThat(warmUp.await(END)).isTrue();
    assertThat(tried).containsExactlyInAnyOrder(Family.values());
  }
}
