package dev.serving.core.engine;

import static dev.serving.core.engine.SchedulerRig.ofClient;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.SchedulerConfig;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ten thousand steps of random clients' arrivals, aborts, pauses and preemptions over a KV cache
 * that is too small. The {@link ShadowRanks} check every slot that a step attends to.
 */
class SchedulerSoakTest {
  private static final int STEPS = 10_000;

  private final SchedulerRig rig = new SchedulerRig(40, new SchedulerConfig(24, 8, 12, 0));
  private final Map<String, int[]> prompts = new HashMap<>();
  private int arrived;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void blocksAreNeverLostSharedWronglyOrOwnedTwice(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      arrive(random);
      abort(random);
      pause(random);
      if (rig.scheduler.hasWork()) {
        rig.step();
      }
      assertThat(rig.blocks.free() + rig.blocks.cached() + rig.blocks.used())
          .isEqualTo(rig.blocks.capacity());
    }
    for (int i = 0; i < arrived; i++) {
      rig.scheduler.resume("r" + i);
    }
    rig.runToEnd();
    assertThat(rig.scheduler.paused()).isZero();
    assertThat(rig.blocks.used()).isZero();
    assertThat(rig.ranks.known()).isZero();
    everyRequestEndedOnceWithTheRightTokens();
    assertThat(rig.scheduler.preemptions()).isGreaterThan(100);
  }

  private void arrive(Random random) {
    if (random.nextInt(6) != 0) {
      return;
    }
    String rid = "r" + arrived++;
    int family = random.nextInt(5); // prompts of a family begin alike
    int length = 1 + random.nextInt(60);
    int shared = random.nextInt(length + 1);
    int[] prompt =
        IntStream.range(0, length)
            .map(i -> i < shared ? family * 100 + i : random.nextInt(1000))
            .toArray();
    prompts.put(rid, prompt);
    String client = "client " + random.nextInt(4);
    rig.scheduler.add(ofClient(client, rid, prompt, 1 + random.nextInt(60), random.nextInt(3)));
  }

  private void abort(Random random) {
    if (random.nextInt(40) == 0 && arrived > 0) {
      int recent = Math.max(0, arrived - 1 - random.nextInt(20));
      rig.scheduler.cancel("r" + recent, FinishReason.ABORT);
    }
  }

  /** Clients stop to read, most of them for a while. */
  private void pause(Random random) {
    if (random.nextInt(8) == 0 && arrived > 0) {
      rig.scheduler.pause("r" + Math.max(0, arrived - 1 - random.nextInt(20)));
    }
    if (random.nextInt(5) == 0 && arrived > 0) {
      rig.scheduler.resume("r" + Math.max(0, arrived - 1 - random.nextInt(40)));
    }
  }

  private void everyRequestEndedOnceWithTheRightTokens() {
    Map<String, FinishReason> ends = new HashMap<>();
    for (Output output : rig.outputs) {
      if (output.finish() != null) {
        assertThat(ends.put(output.rid(), output.finish())).as(output.rid()).isNull();
      }
    }
    assertThat(ends).hasSize(arrived);
    assertThat(ends.values()).contains(FinishReason.ABORT, FinishReason.LENGTH, FinishReason.BUSY);
    for (Map.Entry<String, int[]> entry : prompts.entrySet()) {
      var tokens = rig.tokensOf(entry.getKey());
      assertThat(tokens).isEqualTo(ShadowRanks.expected(entry.getValue(), tokens.size()));
    }
  }
}
