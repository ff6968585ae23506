package dev.serving.core.engine;

import dev.serving.core.config.EngineConfig;
import dev.serving.core.worker.RankListener;
import dev.serving.trace.TraceCarrier;
import java.util.Objects;
import java.util.function.Function;
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
 * @param carriers gives the trace context to send on with a request to the ranks
 * @param rankListener hears what rank 0 does
 * @param rankCarriers gives the trace context to send on with a request's token from rank 0
 */
public record EngineOptions(
    EngineConfig config,
    ZContext context,
    String frontend,
    String identity,
    RankLauncher launcher,
    EngineListener listener,
    Function<String, TraceCarrier> carriers,
    RankListener rankListener,
    Function<String, TraceCarrier> rankCarriers) {
  /** Refuses missing parts. */
  public EngineOptions {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(frontend, "frontend");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(launcher, "launcher");
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(carriers, "carriers");
    Objects.requireNonNull(rankListener, "rankListener");
    Objects.requireNonNull(rankCarriers, "rankCarriers");
  }

  /** An engine that nobody listens to. */
  public static EngineOptions of(
      EngineConfig config,
      ZContext context,
      String frontend,
      String identity,
      RankLauncher launcher) {
    Function<String, TraceCarrier> none = rid -> TraceCarrier.none();
    return new EngineOptions(
        config,
        context,
        frontend,
        identity,
        launcher,
        EngineListener.NONE,
        none,
        RankListener.NONE,
        none);
  }

  /** A copy in which this listener hears what the scheduler does. */
  public EngineOptions withListener(EngineListener heard) {
    return new EngineOptions(
        config, context, frontend, identity, launcher, heard, carriers, rankListener, rankCarriers);
  }
}
