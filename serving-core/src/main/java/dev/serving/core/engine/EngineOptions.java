package dev.serving.core.engine;

import dev.serving.core.config.EngineConfig;
import dev.serving.core.worker.RankListener;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.util.Objects;
import org.zeromq.ZContext;

/**
 * What an engine runs with.
 *
 * @param config model, sizes, ranks
 * @param context the process's ZeroMQ context
 * @param frontend the frontend's address
 * @param identity by which the frontend knows the engine
 * @param launcher starts the processes of ranks from 1 on
 * @param listener hears what the scheduler does
 * @param rankListener hears what rank 0 does
 * @param memory directory for the ranks' shared memory; null for one of the system's
 */
@RecordBuilder
public record EngineOptions(
    EngineConfig config,
    ZContext context,
    String frontend,
    String identity,
    RankLauncher launcher,
    EngineListener listener,
    RankListener rankListener,
    Path memory)
    implements EngineOptionsBuilder.With {
  /** Refuses missing parts. */
  public EngineOptions {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(frontend, "frontend");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(launcher, "launcher");
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(rankListener, "rankListener");
  }

  /** An engine that nobody listens to. */
  public static EngineOptions of(
      EngineConfig config,
      ZContext context,
      String frontend,
      String identity,
      RankLauncher launcher) {
    return new EngineOptions(
        config,
        context,
        frontend,
        identity,
        launcher,
        EngineListener.NONE,
        RankListener.NONE,
        null);
  }
}
