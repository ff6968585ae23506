package dev.serving.core.frontend;

import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.Endpoint;
import dev.serving.core.frontend.engines.EngineClient;
import dev.serving.core.frontend.http.Exchange;
import dev.serving.core.frontend.http.Handler;
import dev.serving.trace.Tracing;
import java.util.UUID;
import java.util.regex.Pattern;

/** Takes requests for text in: begins their traces and hands them to the preprocess threads. */
final class GenerateHandler implements Handler {
  private static final Pattern SANE_ID = Pattern.compile("[\\w.:-]{1,128}");

  private final Endpoint endpoint;
  private final OpenGenerations open;
  private final Workers workers;
  private final Preprocess preprocess;
  private final long timeoutNanos;
  private final EngineClient engines;
  private final Tracing tracing;
  private final RequestListener listener;
  private final Accounts accounts;

  GenerateHandler(
      Endpoint endpoint,
      OpenGenerations open,
      Workers workers,
      Preprocess preprocess,
      long timeoutNanos,
      EngineClient engines,
      Tracing tracing,
      RequestListener listener,
      Accounts accounts) {
    this.endpoint = endpoint;
    this.open = open;
    this.workers = workers;
    this.preprocess = preprocess;
    this.timeoutNanos = timeoutNanos;
    this.engines = engines;
    this.tracing = tracing;
    this.listener = listener;
    this.accounts = accounts;
  }

  @Override
  public void handle(Exchange exchange) {
    Generation generation = begin(exchange);
    ApiError refusal = open.admit(generation);
    if (refusal != null) {
      generation.refused(refusal);
      return;
    }
    workers.preprocess(
        exchange, () -> generation.work(preprocess, timeoutNanos), generation::refused);
  }

  @Override
  public void refuse(Exchange exchange, ApiError error) {
    begin(exchange).refused(error);
  }

  private Generation begin(Exchange exchange) {
    String rid = endpoint.idPrefix() + UUID.randomUUID().toString().replace("-", "");
    boolean force = exchange.head().header("x-trace-force").filter("1"::equals).isPresent();
    RequestTrace trace =
        RequestTrace.start(tracing, endpoint, exchange.head(), exchange.body().length, rid, force);
    exchange.header("x-request-id", requestId(exchange, rid));
    trace.traceId().ifPresent(id -> exchange.header("x-trace-id", id));
    return new Generation(
        exchange, endpoint, rid, trace, engines, workers.postprocessFor(), listener, accounts);
  }

  /** The client's own id for the request when it has a sane one. */
  private static String requestId(Exchange exchange, String rid) {
    return exchange.head().header("x-request-id").filter(SANE_ID.asMatchPredicate()).orElse(rid);
  }
}
