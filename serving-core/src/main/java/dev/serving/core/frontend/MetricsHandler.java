package dev.serving.core.frontend;

import dev.serving.core.frontend.http.Exchange;
import dev.serving.core.frontend.http.Handler;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;

/** Answers scrapes, as Prometheus text or, to who asks for it, as OpenMetrics. */
final class MetricsHandler implements Handler {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final PrometheusMeterRegistry registry;

  MetricsHandler(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void handle(Exchange exchange) {
    boolean open =
        exchange.head().header("accept").orElse("").contains("application/openmetrics-text");
    String type = open ? OPEN_METRICS : TEXT;
    exchange.answer(200, type, registry.scrape(type).getBytes(StandardCharsets.UTF_8));
  }
}
