package dev.serving.cli;

import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.model.Checkpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The server. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    defaultValueProvider = Settings.class,
    description = {
      "Serve a model over OpenAI's API: /v1/chat/completions, /v1/completions, /v1/models,",
      "/health, /ready, /metrics. Ctrl-C or SIGTERM lets running requests finish."
    },
    footer = {
      "",
      "Each option is also a variable, SERVING_MAX_NUM_SEQS for --max-num-seqs,",
      "and a line of the file, max-num-seqs: 8. A flag goes before a variable,",
      "that before the file.",
      "",
      "Examples:",
      "  serving serve ./Qwen3-0.6B --port 8080 --max-num-seqs 8",
      "  serving serve --trace-enable --otlp-traces-endpoint http://localhost:4317",
      "  serving serve --config serving.yaml --print-config",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was told to end, and did",
      "1:it could not start, or failed",
      "2:it was asked wrongly",
      "70:one of its threads died"
    })
final class ServeCommand implements Callable<Integer> {
  /** What ending the engines may take, beyond the running requests' time. */
  private static final Duration CLOSING = Duration.ofSeconds(25);

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "DIR", description = "The model, as by --model.")
  private Path directory;

  @Mixin private ServerOptions server;
  @Mixin private ModelOptions model;

  @Mixin private EngineJvmOptions engineJvm;
  @Mixin private TraceOptions trace;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A file of settings in YAML, a line such as 'max-num-seqs: 8' for each.")
  @SuppressWarnings("unused") // it is the option that Settings asks
  private Path config;

  @Option(
      names = "--print-config",
      description = "Print what each setting is and who set it, as such a file, and end.")
  private boolean printConfig;

  @Override
  public Integer call() throws InterruptedException {
    if (directory != null) {
      model.named(directory);
    }
    if (printConfig) {
      new PrintedConfig(Settings.of(spec).orElseThrow(), spec).print(spec.commandLine().getOut());
      return 0;
    }
    return serve();
  }

  private int serve() throws InterruptedException {
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
