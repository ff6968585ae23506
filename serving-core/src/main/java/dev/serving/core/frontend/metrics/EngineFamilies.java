package dev.serving.core.frontend.metrics;

import static dev.serving.core.frontend.metrics.Family.counter;
import static dev.serving.core.frontend.metrics.Family.gauge;
import static io.prometheus.metrics.model.snapshots.Unit.BYTES;
import static io.prometheus.metrics.model.snapshots.Unit.SECONDS;

import dev.serving.core.frontend.engines.EngineView;
import dev.serving.core.frontend.metrics.Family.Value;
import dev.serving.core.message.FrontendMessage.EngineReady;
import dev.serving.core.message.FrontendMessage.EngineStatus;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** How the engines do, as families that are read off one look at all of them. */
final class EngineFamilies {
  private final String model;

  EngineFamilies(String model) {
    this.model = model;
  }

  List<Family<List<EngineView>>> all() {
    return Stream.of(lives(), starts(), batches()).flatMap(List::stream).toList();
  }

  /** Whether it is there. */
  private List<Family<List<EngineView>>> lives() {
    return List.of(
        gauge("serving_engine_up", "Whether the engine serves.", null, each(v -> bit(v.serves()))),
        gauge(
            "serving_engine_open_requests",
            "Choices that the engine has and has not ended.",
            null,
            each(EngineView::open)),
        counter(
            "serving_engine_restarts",
            "Times that the engine was started again.",
            null,
            each(EngineView::restarts)));
  }

  /** What it said when it was ready. */
  private List<Family<List<EngineView>>> starts() {
    return List.of(
        gauge(
            "serving_engine_load_seconds",
            "Time from the engine's start until it served; 0 while it does not.",
            SECONDS,
            ready(r -> r.loadMillis() / 1e3)),
        gauge(
            "serving_engine_weight_bytes",
            "Bytes of weights over the engine's ranks; 0 while it does not serve.",
            BYTES,
            ready(EngineReady::weightBytes)),
        gauge(
            "serving_engine_max_model_tokens",
            "Most tokens, prompt and output, of a sequence; 0 while the engine does not serve.",
            Units.TOKENS,
            ready(EngineReady::maxModelLength)));
  }

  /** What it says of its sequences and blocks all the time. */
  private List<Family<List<EngineView>>> batches() {
    return List.of(
        gauge(
            "serving_requests_running",
            "Sequences in the engine's batch.",
            null,
            status(EngineStatus::running)),
        gauge(
            "serving_requests_waiting",
            "Sequences that wait in the engine.",
            null,
            status(EngineStatus::waiting)),
        gauge(
            "serving_requests_paused",
            "Sequences of which no more is made until their clients have read.",
            null,
            status(EngineStatus::paused)),
        gauge(
            "serving_kv_blocks_used",
            "KV blocks that sequences hold, also those that are paused.",
            null,
            status(EngineStatus::usedBlocks)),
        gauge("serving_kv_blocks", "KV blocks there are.", null, status(EngineStatus::kvBlocks)),
        counter(
            "serving_preemptions",
            "Sequences that lost their KV blocks and were recomputed.",
            null,
            status(EngineStatus::preemptions)),
        counter("serving_steps", "Steps done.", null, status(EngineStatus::steps)));
  }

  private static double bit(boolean value) {
    return value ? 1 : 0;
  }

  private Function<List<EngineView>, Stream<Value>> status(ToDoubleFunction<EngineStatus> value) {
    return each(view -> view.status() == null ? 0 : value.applyAsDouble(view.status()));
  }

  private Function<List<EngineView>, Stream<Value>> ready(ToDoubleFunction<EngineReady> value) {
    return each(view -> view.ready() == null ? 0 : value.applyAsDouble(view.ready()));
  }

  private Function<List<EngineView>, Stream<Value>> each(ToDoubleFunction<EngineView> value) {
    return views ->
        views.stream().map(view -> new Value(labels(view.dpRank()), value.applyAsDouble(view)));
  }

  private Labels labels(int dpRank) {
    return Labels.of("model", model, "dp_rank", Integer.toString(dpRank));
  }
}
