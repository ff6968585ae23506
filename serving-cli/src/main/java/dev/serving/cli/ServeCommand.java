package dev.serving.cli;

import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.model.Checkpoint;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The server. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Serve a model over OpenAI's API: /v1/chat/completions, /v1/completions, /v1/models,",
      "/health, /ready, /metrics. Ctrl-C or SIGTERM lets running requests finish."
    })
final class ServeCommand implements Callable<Integer> {
  /** What ending the engines may take, beyond the running requests' time. */
  private static final Duration CLOSING = Duration.ofSeconds(25);

  @Mixin private ServerOptions server;
  @Mixin private ModelOptions model;

  @Mixin private EngineJvmOptions engineJvm;
  @Mixin private TraceOptions trace;

  @Override
  public Integer call() throws InterruptedException {
    Checkpoint checkpoint = model.open();
    EngineConfig engine = model.engine(server.engines());
    FrontendConfig frontend = server.frontend(checkpoint.directory().getFileName().toString());
    try (Shutdown shutdown = Shutdown.install(frontend.shutdownTimeout().plus(CLOSING));
        InnerViewer viewer = InnerViewer.of(trace.typed(), trace.viewerPort());
        Server running =
            Server.start(
                frontend, checkpoint, engine, viewer.typed(), engineJvm.list(checkpoint, engine))) {
      CompletableFuture<Void> ready = running.ready().toCompletableFuture();
      CompletableFuture<Void> unused =
          ready.whenComplete(
              (ok, e) -> readyOrNot(e, () -> announce(frontend, running, viewer), shutdown));
      shutdown.awaitSignal();
      throwFailure(ready);
    }
    return 0;
  }

  private static void readyOrNot(Throwable failure, Runnable announce, Shutdown shutdown) {
    if (failure == null) {
      announce.run();
    } else {
      shutdown.request();
    }
  }

  /** The server has been asked to end because it could not begin, unless by a signal. */
  private static void throwFailure(CompletableFuture<Void> ready) {
    try {
      ready.getNow(null);
    } catch (CompletionException e) {
      throw new StartException("gives up: " + e.getCause().getMessage(), e);
    }
  }

  private static void announce(FrontendConfig frontend, Server running, InnerViewer viewer) {
    System.out.println("Serving " + frontend.modelName() + " at " + running.uri());
    viewer.announce();
  }
}
