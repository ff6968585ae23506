package dev.serving.cli;

import dev.serving.core.config.Deployment;
import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.frontend.Frontend;
import dev.serving.core.frontend.engines.EngineLauncher.EngineHandle;
import dev.serving.core.model.Checkpoint;
import dev.serving.trace.Tracing;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A whole server: the frontend in this process, its engines in children. */
final class Server implements AutoCloseable {
  private final Tracing tracing;
  private final Frontend frontend;
  private final Journals journals;
  private final Duration shutdownTimeout;

  private Server(Tracing tracing, Frontend frontend, Journals journals, Duration shutdownTimeout) {
    this.tracing = tracing;
    this.frontend = frontend;
    this.journals = journals;
    this.shutdownTimeout = shutdownTimeout;
  }

  /**
   * Starts listening and starts the engines; {@link #ready} tells when they serve.
   *
   * @param config the frontend's settings
   * @param model what is served
   * @param engine what each engine runs
   * @param trace the tracing options as typed
   * @param jvmOptions for engines and ranks
   */
  static Server start(
      FrontendConfig config,
      Checkpoint model,
      EngineConfig engine,
      Map<String, String> trace,
      List<String> jvmOptions) {
    Tracing tracing = Tracing.start(TraceOptions.config(trace));
    Journals journals = new Journals(tracing);
    try {
      Frontend frontend =
          Frontend.start(
              config,
              new Deployment(Version.text(), engine),
              model,
              tracing,
              (rank, address, identity) ->
                  startEngine(
                      new EngineSettings(
                          rank,
                          address,
                          identity,
                          engine,
                          config.lifecycle(),
                          trace,
                          journals.forEngine(),
                          jvmOptions),
                      journals));
      return new Server(tracing, frontend, journals, config.shutdownTimeout());
    } catch (RuntimeException e) {
      tracing.close();
      throw e;
    }
  }

  private static EngineHandle startEngine(EngineSettings settings, Journals journals)
      throws IOException {
    String name = "engine-" + settings.dpRank();
    ChildProcess child = ChildProcess.start(name, "engine", settings, settings.jvmOptions());
    String ended = "%s (process %d) ended with exit code ".formatted(name, child.pid());
    CompletableFuture<Void> unused =
        child.onExit().thenAccept(code -> journals.ended(settings.journal(), ended + code));
    return new EngineChild(child);
  }

  URI uri() {
    return frontend.uri();
  }

  CompletionStage<Void> ready() {
    return frontend.ready();
  }

  /** Waits until what was traced so far is delivered, at most so long. */
  void flush(Duration patience) {
    tracing.flush(patience);
  }

  /** Lets running requests finish, ends the engines, and sends what is still to be sent. */
  @Override
  public void close() {
    try {
      frontend.drain(shutdownTimeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    frontend.close();
    journals.close();
    tracing.close();
  }
}
