package dev.serving.core.config;

import java.time.Duration;
import java.util.Objects;

/**
 * An engine: one model, split over its ranks.
 *
 * @param worker what every rank runs
 * @param tensorParallel how many ranks ({@code --tensor-parallel-size})
 * @param frontendTimeout how long the frontend may be silent until the engine exits
 * @param stepTimeout how long a step may take until its ranks count as stuck
 */
public record EngineConfig(
    WorkerConfig worker, int tensorParallel, Duration frontendTimeout, Duration stepTimeout) {
  /** How long a frontend may be silent: longer than any pause of its virtual machine. */
  public static final Duration FRONTEND_TIMEOUT = Duration.ofSeconds(10);

  /** How long a step may take. */
  public static final Duration STEP_TIMEOUT = Duration.ofMinutes(2);

  /** Refuses an engine without ranks and times that are not positive. */
  public EngineConfig {
    Objects.requireNonNull(worker, "worker");
    if (tensorParallel < 1) {
      throw new IllegalArgumentException(
          "--tensor-parallel-size must be at least 1, was " + tensorParallel);
    }
    positive("frontendTimeout", frontendTimeout);
    positive("stepTimeout", stepTimeout);
  }

  /** With the default times. */
  public EngineConfig(WorkerConfig worker, int tensorParallel) {
    this(worker, tensorParallel, FRONTEND_TIMEOUT, STEP_TIMEOUT);
  }

  private static void positive(String name, Duration time) {
    if (time.isZero() || time.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive, was " + time);
    }
  }
}
