package dev.serving.core.frontend;

import dev.serving.blame.Accountant;
import dev.serving.core.config.Deployment;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.frontend.Health.Part;
import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.ApiException;
import dev.serving.core.frontend.api.Endpoint;
import dev.serving.core.frontend.engines.EngineClient;
import dev.serving.core.frontend.engines.EngineLauncher;
import dev.serving.core.frontend.engines.EngineView;
import dev.serving.core.frontend.http.ClientMemory;
import dev.serving.core.frontend.http.HttpServer;
import dev.serving.core.frontend.http.Router;
import dev.serving.core.frontend.http.Router.Route;
import dev.serving.core.frontend.metrics.EngineMeters;
import dev.serving.core.frontend.metrics.HttpCounts;
import dev.serving.core.frontend.metrics.Metrics;
import dev.serving.core.frontend.metrics.ServerInfo;
import dev.serving.core.lifecycle.LifecycleLog;
import dev.serving.core.message.ProcessReport;
import dev.serving.core.message.SpanCounts;
import dev.serving.core.model.Checkpoint;
import dev.serving.trace.Tracing;
import io.prometheus.metrics.model.snapshots.Unit;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * The frontend of the server: an OpenAI API over HTTP in front of one or more engines. Safe from
 * any thread.
 */
public final class Frontend implements AutoCloseable {
  /** How long each part may take to answer. */
  private static final long HEALTH_MILLIS = 1000;

  private final FrontendConfig config;
  private final ServedModel model;
  private final Workers workers;
  private final EngineClient engines;
  private final OpenGenerations open;
  private final Metrics metrics;
  private final Health health = new Health(HEALTH_MILLIS);
  private final RequestListener listener;
  private final Accountant accountant;
  private final Accounts accounts;
  private final BlameBook blame;
  private final ClientMemory memory;
  private final HttpServer http;

  private Frontend(
      FrontendConfig config,
      Deployment deployment,
      Checkpoint checkpoint,
      Tracing tracing,
      EngineLauncher launcher) {
    this.config = config;
    open = new OpenGenerations(config.maxRequests());
    memory = new ClientMemory(config.limits().memory());
    KnownRequests known = new KnownRequests();
    blame = new BlameBook(config.apiKeys().required());
    int engineCount = config.engines().count();
    try (Opening opening = new Opening()) {
      metrics = opening.of(new Metrics(), Metrics::close);
      ServerInfo.register(metrics, config, deployment);
      EngineMeters reports = meters(deployment);
      accountant = opening.of(new Accountant(engineCount, config.ledgerBytes()), Accountant::close);
      accounts = new Accounts(accountant, known);
      EngineReports heard = new EngineReports(reports, accountant);
      workers =
          opening.of(
              new Workers(config.pools(), config.maxRequests(), memory, tracing), Workers::close);
      engines =
          opening.of(
              new EngineClient(config.engines(), launcher, heard, workers::wakePostprocess),
              EngineClient::close);
      engines.start(); // before the rest, for they take longest
      model = opening.of(ServedModel.open(checkpoint, config.modelName()), ServedModel::close);
      engines.ready().thenRun(() -> model.refuseBeyond(mostTokens()));
      listener = RequestListener.all(listeners(known));
      reports.watch(
          engines::engines,
          engines::ignored,
          () -> ProcessReport.now(Optional.of(SpanCounts.of(tracing.metrics()))));
      gauges();
      http = opening.of(listen(router(routes(tracing))), HttpServer::close);
      health.of(parts());
      httpGauges();
      Rehearsal.start(model);
      opening.done();
    }
  }

  private EngineMeters meters(Deployment deployment) {
    return new EngineMeters(
        metrics,
        config.modelName(),
        config.engines().count(),
        deployment.engine().tensorParallel());
  }

  private List<RequestListener> listeners(KnownRequests known) {
    return List.of(
        open,
        known,
        blame,
        new ServerMetrics(metrics, model.name()),
        new FrontendLifecycle(new LifecycleLog(config.lifecycle())));
  }

  private HttpServer listen(Router router) {
    return HttpServer.start(
        config.listen(), config.limits(), memory, config.pools().http(), router);
  }

  /**
   * Listens, and starts the engines. Returns before they are ready; until then requests for text
   * are answered by 503.
   *
   * @param config all settings
   * @param deployment what runs behind it, to tell operators
   * @param model the model; no weight of it is read here
   * @param tracing where traces go; stays the caller's, who closes it after this
   * @param launcher starts engine processes
   * @throws dev.serving.core.model.text.TokenizerException if the model's tokenizer cannot be used
   * @throws java.io.UncheckedIOException if the address cannot be bound
   */
  public static Frontend start(
      FrontendConfig config,
      Deployment deployment,
      Checkpoint model,
      Tracing tracing,
      EngineLauncher launcher) {
    return new Frontend(config, deployment, model, tracing, launcher);
  }

  private void gauges() {
    metrics.gauge("serving_requests_open", "Requests for text that are open.", null, open::count);
    metrics.gauge(
        "serving_preprocess_waiting",
        "Requests that wait to become tokens.",
        null,
        workers::preprocessWaiting);
  }

  private void httpGauges() {
    metrics.gauge(
        "serving_client_memory_held_bytes",
        "What is held for clients: connections, requests, answers that were not read.",
        Unit.BYTES,
        memory::held);
    metrics.gauge(
        "serving_client_memory_limit_bytes",
        "What may be held for clients (--client-memory-bytes).",
        Unit.BYTES,
        memory::most);
    metrics.gauge(
        "serving_http_connections", "Connections that are open.", null, http::connections);
    metrics.gauge(
        "serving_http_connections_limit",
        "Connections that may be open (--max-connections).",
        null,
        http::mostConnections);
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    http.eventLoops().forEach(loop -> parts.add(new Part("http-" + parts.size(), loop::execute)));
    parts.add(new Part("preprocess", workers::askPreprocess));
    int loops = parts.size();
    workers
        .postprocess()
        .forEach(t -> parts.add(new Part("postprocess-" + (parts.size() - loops), t::execute)));
    parts.add(new Part("link", engines::ask));
    return parts;
  }

  private Router router(List<Route> routes) {
    HttpCounts counts = new HttpCounts(metrics);
    routes.stream()
        .collect(Collectors.groupingBy(Route::path))
        .forEach(
            (path, same) -> counts.serves(same.stream().flatMap(Route::methods).toList(), path));
    return new Router(config.apiKeys(), config.listen(), routes, counts::answered);
  }

  private List<Route> routes(Tracing tracing) {
    TokenHandlers tokens = new TokenHandlers(model, workers);
    TracingHandler levels = new TracingHandler(tracing, engines);
    StatusHandlers status = new StatusHandlers(model, engines, open);
    return List.of(
        Route.of("POST", Endpoint.CHAT.path(), generate(Endpoint.CHAT, tracing)),
        Route.of("POST", Endpoint.COMPLETION.path(), generate(Endpoint.COMPLETION, tracing)),
        Route.of("GET", "/v1/models", status::models),
        Route.of("GET", "/v1/models/", status::model),
        Route.of("POST", "/tokenize", tokens.tokenize()),
        Route.of("POST", "/detokenize", tokens.detokenize()),
        Route.of("GET", "/metrics", new MetricsHandler(metrics)),
        Route.of("GET", "/blame", blame),
        Route.of("GET", "/tracing", levels::get),
        Route.of("PUT", "/tracing", levels::put),
        Route.of("GET", "/version", status::version),
        Route.open("GET", "/health", health::answer),
        Route.open("GET", "/ready", status::ready));
  }

  private int mostTokens() {
    return engines.engines().stream()
        .filter(EngineView::serves)
        .mapToInt(view -> view.ready().maxModelLength())
        .max()
        .orElse(Integer.MAX_VALUE);
  }

  /** Tokens that any engine takes that serves now. */
  private int leastTokens() {
    return engines.engines().stream()
        .filter(EngineView::serves)
        .mapToInt(view -> view.ready().maxModelLength())
        .min()
        .orElseThrow(
            () -> new ApiException(ApiError.unavailable("no_engine", "No engine is ready.")));
  }

  private GenerateHandler generate(Endpoint endpoint, Tracing tracing) {
    long timeout = config.generationTimeout().toNanos();
    Preprocess preprocess = new Preprocess(model, this::leastTokens);
    return new GenerateHandler(
        endpoint, open, workers, preprocess, timeout, engines, tracing, listener, accounts);
  }

  /** Where it listens, with the real port. */
  public URI uri() {
    return http.uri();
  }

  /**
   * Completes when all engines serve for the first time. Fails when it is closed before, and with
   * {@link dev.serving.core.frontend.engines.EngineStartException} when an engine cannot be brought
   * to serve; then whoever started this should close it.
   */
  public CompletionStage<Void> ready() {
    return engines.ready();
  }

  /**
   * Takes no new requests and waits for the running ones; those that take longer are ended and
   * their clients told.
   *
   * @return whether all ended by themselves
   */
  public boolean drain(Duration patience) throws InterruptedException {
    http.stopAccepting();
    boolean finished = open.drain(patience.toMillis());
    if (!finished) {
      open.abandonAll();
      open.drain(Duration.ofSeconds(2).toMillis());
    }
    return finished;
  }

  /** Ends the engines, fails what is still open, and frees the address. */
  @Override
  public void close() {
    engines.close();
    accountant.close();
    workers.close();
    http.close();
    model.close();
    metrics.close();
  }
}
