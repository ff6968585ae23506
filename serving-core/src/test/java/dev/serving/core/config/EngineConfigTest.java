package dev.serving.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.model.WeightType;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** This shows an engine's defaults, and that a bad value is refused by the name of its option. */
class EngineConfigTest {
  private static final WorkerConfig WORKER =
      new WorkerConfig(
          Path.of("model"), WeightType.BF16, 2, CacheConfig.DEFAULT, SchedulerConfig.DEFAULT);

  @Test
  void theDefaultsAreThese() {
    assertThat(SchedulerConfig.DEFAULT).isEqualTo(new SchedulerConfig(512, 32, 1024, 0));
    assertThat(CacheConfig.DEFAULT).isEqualTo(new CacheConfig(16, 0, 0.5, true));
    assertThat(new EngineConfig(WORKER, 2))
        .isEqualTo(new EngineConfig(WORKER, 2, Duration.ofSeconds(10), Duration.ofMinutes(2)));
  }

  @Test
  void whatCannotBeMeantIsRefusedByTheNameOfTheOption() {
    refused(() -> new SchedulerConfig(512, 0, 1, 0), "max-num-seqs");
    refused(() -> new SchedulerConfig(31, 32, 1, 0), "max-num-batched-tokens");
    refused(() -> new SchedulerConfig(512, 32, -1, 0), "max-waiting");
    refused(() -> new SchedulerConfig(512, 32, 1, 1), "max-model-len");
    refused(() -> new CacheConfig(0, 0, 0.5, true), "block-size");
    refused(() -> new CacheConfig(16, -1, 0.5, true), "kv-cache-bytes");
    refused(() -> new CacheConfig(16, 0, 1, true), "kv-cache-share");
    refused(() -> new CacheConfig(16, 0, Double.NaN, true), "kv-cache-share");
    refused(() -> new EngineConfig(WORKER, 0), "tensor-parallel-size");
    refused(
        () -> new WorkerConfig(Path.of("m"), WeightType.BF16, 0, CacheConfig.DEFAULT, null),
        "scheduler");
    refused(
        () ->
            new WorkerConfig(
                Path.of("m"), WeightType.BF16, 0, CacheConfig.DEFAULT, SchedulerConfig.DEFAULT),
        "threads");
  }

  private static void refused(Runnable construction, String name) {
    assertThatThrownBy(construction::run)
        .isInstanceOfAny(IllegalArgumentException.class, NullPointerException.class)
        .hasMessageContaining(name);
  }
}
