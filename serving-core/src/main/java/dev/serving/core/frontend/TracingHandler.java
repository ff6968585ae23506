package dev.serving.core.frontend;

import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.ApiException;
import dev.serving.core.frontend.api.Json;
import dev.serving.core.frontend.api.TracingRequest;
import dev.serving.core.frontend.engines.EngineClient;
import dev.serving.core.frontend.http.Exchange;
import dev.serving.core.message.TracingLevels;
import dev.serving.trace.Tracing;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** Tells what is traced, and changes it, here and in all engines, for requests from then on. */
final class TracingHandler {
  private final Tracing tracing;
  private final EngineClient engines;

  TracingHandler(Tracing tracing, EngineClient engines) {
    this.tracing = tracing;
    this.engines = engines;
  }

  void get(Exchange exchange) {
    double ratio = tracing.sampleRatio();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("enabled", tracing.enabled());
    body.put("level", tracing.level());
    body.put("modules", new TreeSet<>(tracing.modules()));
    body.put("sample_ratio", Double.isNaN(ratio) ? null : ratio);
    exchange.answer(200, "application/json", Json.bytes(body));
  }

  void put(Exchange exchange) {
    if (!tracing.enabled()) {
      throw new ApiException(
          ApiError.unsupported(null, "Tracing is off; start the server with --trace-enable."));
    }
    TracingRequest request = TracingRequest.parse(exchange.body());
    double ratio = tracing.sampleRatio();
    TracingLevels levels =
        new TracingLevels(
            request.level() == null ? tracing.level() : request.level(),
            request.modules() == null ? tracing.modules() : request.modules(),
            request.sampleRatio() == null
                ? (Double.isNaN(ratio) ? 1 : ratio)
                : request.sampleRatio());
    levels.applyTo(tracing);
    engines.tracing(levels);
    get(exchange);
  }
}
