package dev.serving.core.frontend;

import dev.serving.core.frontend.api.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One log line for each border of a stage that a request passes in the frontend, by the names of
 * FastDeploy's trace.log, with the request's and the trace's id. Text, or JSON on demand.
 *
 * <p>Goes to the logger {@value #LOGGER} at INFO, so that it can be sent elsewhere or switched off.
 */
final class LifecycleLog implements RequestListener {
  static final String LOGGER = "dev.serving.requests";
  private static final System.Logger LOG = System.getLogger(LOGGER);
  private static final String BEFORE = "PREPROCESSING";
  private static final String AFTER = "POSTPROCESSING";

  private final boolean json;

  LifecycleLog(boolean json) {
    this.json = json;
  }

  @Override
  public void preprocessing(Generation generation) {
    line(generation, BEFORE, "PREPROCESSING_START", Map.of());
  }

  @Override
  public void dispatched(Generation generation, int promptTokens, int choices) {
    line(
        generation,
        BEFORE,
        "PREPROCESSING_END",
        new TreeMap<>(Map.of("prompt_tokens", promptTokens, "choices", choices)));
  }

  @Override
  public void firstOutput(Generation generation) {
    line(generation, AFTER, "POSTPROCESSING_START", Map.of());
  }

  @Override
  public void ended(Generation generation, Outcome outcome) {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("status", outcome.status());
    if (outcome.errorType() != null) {
      more.put("error", outcome.errorType());
    }
    more.put("output_tokens", outcome.outputTokens());
    more.put("finish_reasons", outcome.finishReasons());
    more.put("milliseconds", Math.round(outcome.seconds() * 1000));
    boolean answered = outcome.firstTokenSeconds() >= 0;
    line(
        generation,
        answered ? AFTER : BEFORE,
        answered ? "POSTPROCESSING_END" : "REQUEST_END",
        more);
  }

  private void line(Generation generation, String stage, String event, Map<String, ?> more) {
    if (!LOG.isLoggable(System.Logger.Level.INFO)) {
      return;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", event);
    fields.put("stage", stage);
    fields.put("request_id", generation.rid());
    fields.put("trace_id", generation.trace().traceId().orElse("unknown"));
    generation.user().ifPresent(user -> fields.put("user_id", user));
    fields.putAll(more);
    LOG.log(System.Logger.Level.INFO, json ? Json.text(fields) : text(fields));
  }

  private static String text(Map<String, Object> fields) {
    return fields.entrySet().stream()
        .map(f -> f.getKey() + "=" + Json.text(f.getValue()))
        .collect(Collectors.joining(" "));
  }
}
