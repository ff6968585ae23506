package dev.serving.core.config;

import dev.serving.core.model.WeightType;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What every rank of an engine runs.
 *
 * @param model directory of the model ({@code --model})
 * @param weights how weights are held ({@code --dtype}, {@code --quantization})
 * @param threads threads that compute, on each rank ({@code --threads})
 * @param cache its KV cache
 * @param scheduler how large steps may be
 */
public record WorkerConfig(
    Path model, WeightType weights, int threads, CacheConfig cache, SchedulerConfig scheduler) {
  private static final int MOST_THREADS = 1024; // of a team: ThreadTeam has no more

  /** Refuses missing parts and a rank with too few or too many threads. */
  public WorkerConfig {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(cache, "cache");
    Objects.requireNonNull(scheduler, "scheduler");
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "--threads must be 1 to %d, was %d".formatted(MOST_THREADS, threads));
    }
  }
}
