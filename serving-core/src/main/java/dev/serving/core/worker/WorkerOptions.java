package dev.serving.core.worker;

import dev.serving.core.config.WorkerConfig;
import java.util.Objects;
import org.zeromq.ZContext;

/**
 * What a rank runs with.
 *
 * @param config model and sizes, the same on every rank
 * @param context the process's ZeroMQ context
 * @param place where it belongs
 * @param listener hears what happens
 */
public record WorkerOptions(
    WorkerConfig config, ZContext context, RankPlace place, RankListener listener) {
  /** Refuses missing parts. */
  public WorkerOptions {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(listener, "listener");
  }

  /** A rank that nobody listens to. */
  public static WorkerOptions of(WorkerConfig config, ZContext context, RankPlace place) {
    return new WorkerOptions(config, context, place, RankListener.NONE);
  }
}
