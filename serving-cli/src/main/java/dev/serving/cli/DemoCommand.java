package dev.serving.cli;

import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.config.LifecycleFormat;
import dev.serving.core.config.ListenConfig;
import dev.serving.core.model.Checkpoint;
import dev.serving.viewer.Viewer;
import dev.serving.viewer.ViewerConfig;
import dev.serving.viewer.chart.LaneText;
import dev.serving.viewer.store.StoredTrace;
import dev.serving.viewer.store.TraceStore;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the product: real answers from real weights, and the trace that made each. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {Exits.DONE, Exits.FAILED, Exits.WRONG, Exits.CUT},
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Start a server and a trace viewer, ask the model some questions, print the answers while",
      "they are generated and the lanes of each request's trace, and leave both running."
    })
final class DemoCommand implements Callable<Integer> {
  private static final List<String> QUESTIONS =
      List.of(
          "What is a slice?",
          "What happens during prefill?",
          "How do I start the server with tracing?");
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration TRACE = Duration.ofSeconds(10);
  private static final int COLUMNS = 100;

  @Mixin private ModelOptions model;

  @Mixin private EngineJvmOptions engineJvm;

  @Option(
      names = "--ask",
      paramLabel = "QUESTION",
      description = "A question to ask instead of the usual ones; may be repeated.")
  private List<String> questions = QUESTIONS;

  @Option(
      names = "--max-tokens",
      defaultValue = "160",
      paramLabel = "N",
      description = "Most tokens of an answer (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Option(
      names = "--once",
      description = "End after the answers instead of leaving it all running.")
  private boolean once;

  @Spec private CommandSpec spec;

  private final PrintStream out = System.out;

  @Override
  public Integer call() {
    Numbers.atLeast(1, "--max-tokens", maxTokens);
    Checkpoint checkpoint = model.open();
    EngineConfig engine = model.engine(1);
    String name = checkpoint.directory().getFileName().toString();
    FrontendConfig frontend =
        FrontendConfig.builder(name)
            .listen(ListenConfig.DEFAULT.withPort(0))
            .lifecycle(LifecycleFormat.OFF) // it would stand between the words of the answers
            .build();
    out.println("Starting " + name + " ...");
    try (Interruption interruption = Interruption.ofThisThread()) {
      try {
        run(checkpoint, engine, frontend, interruption);
        return 0;
      } catch (InterruptedException e) {
        Terminal.endLine();
        return interruption.exitCode();
      }
    }
  }

  /**
   * Starts, asks, and stays.
   *
   * @param interruption is over when all has been answered: a signal then is the wanted end
   */
  private void run(
      Checkpoint checkpoint,
      EngineConfig engine,
      FrontendConfig frontend,
      Interruption interruption)
      throws InterruptedException {
    try (Shutdown shutdown = Shutdown.install(Server.patience(frontend));
        Viewer viewer = Viewer.start(ViewerConfig.defaults().withPort(0), LastWords::end);
        Server server =
            Server.start(
                frontend,
                checkpoint,
                engine,
                traceTo(viewer.uri()),
                engineJvm.list(checkpoint, engine))) {
      awaitReady(server, checkpoint);
      ChatClient client = new ChatClient(new RunningServer(server.uri()), frontend.modelName());
      for (String question : questions) {
        show(client, viewer.store(), question);
      }
      interruption.close();
      leaveRunning(shutdown, server, viewer);
    }
  }

  private void awaitReady(Server server, Checkpoint checkpoint) throws InterruptedException {
    LoadingLine loading = LoadingLine.start(checkpoint, 1, spec.commandLine().getErr());
    try {
      server.ready().toCompletableFuture().get(START.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw Server.givesUp(e.getCause());
    } catch (TimeoutException e) {
      throw new StartException(
          "gives up: no engine was ready after " + START.toSeconds() + " s", e);
    } finally {
      loading.close();
    }
  }

  private static Map<String, String> traceTo(URI viewer) {
    return Map.of("--trace-enable", "true", "--otlp-traces-endpoint", viewer.toString());
  }

  private void show(ChatClient client, TraceStore store, String question)
      throws InterruptedException {
    out.println();
    out.println("> " + question);
    String traceId =
        client
            .ask(
                List.of(Map.of("role", "user", "content", question)),
                maxTokens,
                0.0,
                text -> {
                  out.print(text);
                  out.flush();
                })
            .traceId();
    out.println();
    out.println();
    out.println(LaneText.draw(awaitTrace(store, traceId), COLUMNS));
  }

  /** Spans come from several processes, each in its own batch: waits until all ends are there. */
  private static StoredTrace awaitTrace(TraceStore store, String traceId)
      throws InterruptedException {
    long deadline = System.nanoTime() + TRACE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<StoredTrace> trace = store.trace(traceId);
      if (trace.filter(DemoCommand::isWhole).isPresent()) {
        return trace.get();
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return store
        .trace(traceId)
        .orElseThrow(() -> new StartException("no trace " + traceId + " arrived at the viewer"));
  }

  /** Whether every worker's lane and the root have come. */
  static boolean isWhole(StoredTrace trace) {
    return List.of("preprocess", "scheduler", "worker", "postprocess").stream()
            .allMatch(lane -> trace.spans().stream().anyMatch(span -> span.name().equals(lane)))
        && trace.spans().stream().anyMatch(span -> span.parentId().isEmpty());
  }

  private void leaveRunning(Shutdown shutdown, Server server, Viewer viewer)
      throws InterruptedException {
    if (once) {
      return;
    }
    out.println("See the traces at   " + viewer.uri());
    out.println("Ask more at         " + server.uri() + "/v1/chat/completions");
    out.println("Ctrl-C ends both.");
    shutdown.awaitSignal();
  }
}
