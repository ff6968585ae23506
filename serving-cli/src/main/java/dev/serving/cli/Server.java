package dev.serving.cli;

import dev.serving.core.config.Deployment;
import dev.serving.core.config.EngineConfig;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.frontend.Frontend;
import dev.serving.core.frontend.engines.EngineLauncher.EngineHandle;
import dev.serving.core.frontend.http.HttpServer;
import dev.serving.core.model.Checkpoint;
import dev.serving.trace.Tracing;
import dev.serving.trace.TracingConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A whole server: the frontend in this process, its engines in children. */
final class Server implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Server.class.getName());

  /** What ending the engines may take, beyond the running requests' time. */
  private static final Duration CLOSING = Duration.ofSeconds(25);

  private final Tracing tracing;
  private final Frontend frontend;
  private final EarlyEngines early;
  private final Journals journals;
  private final RunDirectory run; // null where there is no place for one
  private final Duration shutdownTimeout;

  private Server(
      Tracing tracing,
      Frontend frontend,
      EarlyEngines early,
      Journals journals,
      RunDirectory run,
      Duration shutdownTimeout) {
    this.run = run;
    this.tracing = tracing;
    this.frontend = frontend;
    this.early = early;
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
    HttpServer.checkOpenFiles(); // before those that are left are taken
    EarlyEngines early = EarlyEngines.start(config.engines().count(), jvmOptions);
    try {
      return start(config, model, engine, trace, jvmOptions, early);
    } catch (RuntimeException e) {
      early.close();
      throw e;
    }
  }

  private static Server start(
      FrontendConfig config,
      Checkpoint model,
      EngineConfig engine,
      Map<String, String> trace,
      List<String> jvmOptions,
      EarlyEngines early) {
    TracingConfig tracingConfig = TraceOptions.config(trace);
    TraceReceiver receiver = TraceReceiver.of(tracingConfig);
    Tracing tracing = Tracing.start(tracingConfig);
    RunDirectory run = runDirectory(tracing, receiver);
    Path place = run == null ? null : run.path();
    Journals journals = new Journals(tracing, receiver, place);
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
                          place,
                          jvmOptions),
                      early,
                      journals,
                      run));
      return new Server(tracing, frontend, early, journals, run, config.shutdownTimeout());
    } catch (RuntimeException e) {
      if (run != null) {
        run.close();
      }
      tracing.close();
      throw e;
    }
  }

  private static RunDirectory runDirectory(Tracing tracing, TraceReceiver receiver) {
    try {
      return RunDirectory.create(left -> Journals.recoverRun(tracing, receiver, left));
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "no place for files of this run: what a kill leaves cannot be cleared up",
          e);
      return null;
    }
  }

  private static EngineHandle startEngine(
      EngineSettings settings, EarlyEngines early, Journals journals, RunDirectory run)
      throws IOException {
    ChildProcess child = early.take(settings.dpRank());
    child.tell(settings);
    String ended =
        "engine-%d (process %d) ended with exit code ".formatted(settings.dpRank(), child.pid());
    CompletableFuture<Void> unused =
        child
            .onExit()
            .thenAccept(
                code -> {
                  journals.ended(settings.journal(), ended + code);
                  endRanks(child.pid(), settings, journals, run, ended + code);
                });
    return new EngineChild(child);
  }

  /** A rank that was stopped does not notice that its engine has ended. */
  private static void endRanks(
      long engine, EngineSettings settings, Journals journals, RunDirectory run, String reason) {
    if (run != null && settings.engine().tensorParallel() > 1) {
      run.processes().endChildrenOf(engine);
      journals.ended(settings.journal(), reason);
    }
  }

  URI uri() {
    return frontend.uri();
  }

  CompletionStage<Void> ready() {
    return frontend.ready();
  }

  /** What to tell who waited for it to be {@link #ready}, which it will never be. */
  static StartException givesUp(Throwable why) {
    return new StartException("gives up: " + why.getMessage(), why);
  }

  /** How long {@link #close} of a server with these settings may take. */
  static Duration patience(FrontendConfig config) {
    return config.shutdownTimeout().plus(CLOSING);
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
    early.close();
    if (run != null) {
      run.processes().endAll();
    }
    journals.close();
    tracing.close();
    if (run != null) {
      run.close();
    }
  }
}
