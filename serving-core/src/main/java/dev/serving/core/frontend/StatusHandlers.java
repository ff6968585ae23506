package dev.serving.core.frontend;

import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.Json;
import dev.serving.core.frontend.engines.EngineClient;
import dev.serving.core.frontend.engines.EngineView;
import dev.serving.core.frontend.http.Exchange;
import dev.serving.core.message.FrontendMessage.EngineStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Answers what operators and clients ask about the server itself. */
final class StatusHandlers {
  private static final String JSON = "application/json";

  private final ServedModel model;
  private final EngineClient engines;
  private final OpenGenerations open;

  StatusHandlers(ServedModel model, EngineClient engines, OpenGenerations open) {
    this.model = model;
    this.engines = engines;
    this.open = open;
  }

  /** At least one engine serves; else 503 and why not. */
  void ready(Exchange exchange) {
    List<EngineView> views = engines.engines();
    boolean serves = views.stream().anyMatch(EngineView::serves) && !open.draining();
    boolean whole = serves && views.stream().allMatch(EngineView::serves);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", whole ? "ready" : serves ? "degraded" : "not ready");
    if (open.draining()) {
      body.put("reason", "the server is shutting down");
    } else if (!whole) {
      body.put(
          "reason",
          views.stream().filter(v -> !v.serves()).findFirst().map(EngineView::reason).orElse(""));
    }
    body.put("engines", views.stream().map(StatusHandlers::engine).toList());
    exchange.answer(serves ? 200 : 503, JSON, Json.bytes(body));
  }

  private static Map<String, Object> engine(EngineView view) {
    Map<String, Object> engine = new LinkedHashMap<>();
    engine.put("dp_rank", view.dpRank());
    engine.put("state", view.phase().name().toLowerCase(Locale.ROOT));
    if (!view.reason().isEmpty()) {
      engine.put("reason", view.reason());
    }
    engine.put("open_requests", view.open());
    engine.put("restarts", view.restarts());
    if (view.ready() != null) {
      engine.put("pids", view.ready().pids());
    }
    EngineStatus status = view.status();
    if (status != null) {
      engine.put("running", status.running());
      engine.put("waiting", status.waiting());
    }
    return engine;
  }

  void models(Exchange exchange) {
    exchange.answer(200, JSON, Json.bytes(new ModelList("list", List.of(card()))));
  }

  void model(Exchange exchange) {
    String asked = exchange.head().route().substring("/v1/models/".length());
    if (asked.equals(model.name())) {
      exchange.answer(200, JSON, Json.bytes(card()));
    } else {
      exchange.answer(ApiError.unknownModel(asked, model.name()));
    }
  }

  private ModelCard card() {
    Integer most =
        engines.engines().stream()
            .filter(EngineView::serves)
            .map(e -> e.ready().maxModelLength())
            .findFirst()
            .orElse(null);
    return new ModelCard(model.name(), "model", model.created(), "serving", most);
  }

  void version(Exchange exchange) {
    String version = StatusHandlers.class.getPackage().getImplementationVersion();
    exchange.answer(
        200, JSON, Json.bytes(Map.of("version", version == null ? "unpackaged" : version)));
  }

  private record ModelList(String object, List<ModelCard> data) {}

  private record ModelCard(
      String id, String object, long created, String ownedBy, Integer maxModelLen) {}
}
