package dev.serving.core.engine;

import dev.serving.core.config.EngineConfig;
import dev.serving.core.model.ModelConfig;
import dev.serving.core.model.Shard;
import dev.serving.core.worker.KvRoom;

/**
 * An engine: one model, its scheduler and its ranks, spoken to over ZeroMQ.
 *
 * <pre>{@code
 * try (ZContext context = Link.context()) {
 *   EngineEnd end = Engine.run(EngineOptions.of(config, context, address, identity, launcher));
 * }
 * }</pre>
 */
public final class Engine {
  private Engine() {}

  /**
   * Looks at what can be known of an engine before it is started.
   *
   * @throws IllegalArgumentException when it could not serve this model so, naming the option
   */
  public static void check(EngineConfig config, ModelConfig model) {
    Shard shard = new Shard(0, config.tensorParallel());
    shard.check(model);
    Limits.length(config.worker().scheduler(), model);
    KvRoom.check(config.worker().cache(), model, shard);
  }

  /**
   * Runs an engine on the calling thread, which is named {@code scheduler}: loads the model, starts
   * the ranks, says that it is ready, and serves until the frontend ends it, is gone, or a rank is
   * lost. Whatever happens, each request that was taken on gets its last output.
   *
   * @return why it ended; the frontend has been told, if it still listens
   */
  public static EngineEnd run(EngineOptions options) {
    Thread.currentThread().setName("scheduler");
    try (EngineLoop loop = new EngineLoop(options)) {
      return loop.run();
    }
  }
}
