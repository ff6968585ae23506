package dev.serving.core.frontend;

import dev.serving.core.frontend.http.Exchange;
import dev.serving.core.frontend.http.Handler;
import dev.serving.core.frontend.metrics.Metrics;

/** Answers scrapes, as Prometheus text or, to who asks for it, as OpenMetrics. */
final class MetricsHandler implements Handler {
  private final Metrics metrics;

  MetricsHandler(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void handle(Exchange exchange) {
    String accept = exchange.head().header("accept").orElse("");
    Metrics.Scrape scrape = metrics.scrape(accept.contains("application/openmetrics-text"));
    exchange.answer(200, scrape.contentType(), scrape.body());
  }
}
