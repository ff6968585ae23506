package dev.serving.cli;

import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.engine.Engine;
import dev.serving.core.frontend.ReadyLine;
import dev.serving.core.model.Checkpoint;
import java.nio.file.Path;
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
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.ENDED, Exits.NOT_STARTED, Exits.WRONG, Exits.DIED})
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "DIR", description = "The model, as by --model.")
  private Path directory;

  @Mixin private ServerOptions server;
  @Mixin private ModelOptions model;

  @Mixin private EngineJvmOptions engineJvm;
  @Mixin private TraceOptions trace;

  @Mixin
  @SuppressWarnings("unused") // Settings asks for it
  private ConfigFile config;

  @Option(
      names = "--print-config",
      description = "Print what each setting is and who set it, as such a file, and end.")
  private boolean printConfig;

  @Override
  public Integer call() throws InterruptedException {
    if (directory != null) {
      nameModel();
    }
    if (printConfig) {
      new PrintedConfig(Settings.of(spec).orElseThrow(), spec).print(spec.commandLine().getOut());
      return 0;
    }
    return serve();
  }

  /** What is typed goes before a variable and the file, as an option would. */
  private void nameModel() {
    if (spec.commandLine().getParseResult().hasMatchedOption("--model")) {
      throw new IllegalArgumentException(
          "the model is named twice: " + directory + " and by --model");
    }
    model.named(directory);
  }

  private int serve() throws InterruptedException {
    Checkpoint checkpoint = model.open();
    EngineConfig engine = model.engine(server.engines());
    Engine.check(engine, checkpoint.config());
    FrontendConfig frontend = server.frontend(checkpoint.directory().getFileName().toString());
    if (Terminal.watchesErrors()) {
      System.err.println("Loading " + checkpoint.directory() + " ...");
    }
    try (Shutdown shutdown = Shutdown.install(Server.patience(frontend));
        InnerViewer viewer = InnerViewer.of(trace.typed(), trace.viewerPort());
        Server running =
            Server.start(
                frontend, checkpoint, engine, viewer.typed(), engineJvm.list(checkpoint, engine));
        LoadingLine loading =
            LoadingLine.start(checkpoint, server.engines(), spec.commandLine().getErr())) {
      CompletableFuture<Void> ready = running.ready().toCompletableFuture();
      CompletableFuture<Void> unused =
          ready.whenComplete(
              (ok, e) ->
                  readyOrNot(e, loading, () -> announce(frontend, running, viewer), shutdown));
      shutdown.awaitSignal();
      throwFailure(ready);
    }
    return 0;
  }

  private static void readyOrNot(
      Throwable failure, LoadingLine loading, Runnable announce, Shutdown shutdown) {
    loading.close();
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
      throw Server.givesUp(e.getCause());
    }
  }

  private static void announce(FrontendConfig frontend, Server running, InnerViewer viewer) {
    System.out.println(new ReadyLine(frontend.modelName(), running.uri()).text());
    viewer.announce();
  }
}
