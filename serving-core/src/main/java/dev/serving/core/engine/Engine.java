package dev.serving.core.engine;

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
