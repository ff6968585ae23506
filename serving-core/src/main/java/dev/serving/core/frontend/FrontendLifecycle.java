package dev.serving.core.frontend;

import static dev.serving.core.lifecycle.LifecycleEvent.POSTPROCESSING_END;
import static dev.serving.core.lifecycle.LifecycleEvent.POSTPROCESSING_START;
import static dev.serving.core.lifecycle.LifecycleEvent.PREPROCESSING_END;
import static dev.serving.core.lifecycle.LifecycleEvent.PREPROCESSING_START;
import static dev.serving.core.lifecycle.LifecycleEvent.REQUEST_END;

import dev.serving.core.lifecycle.LifecycleEvent;
import dev.serving.core.lifecycle.LifecycleLog;
import java.util.LinkedHashMap;
import java.util.Map;

/** Logs the borders of the stages that a request passes in the frontend, and who asked. */
final class FrontendLifecycle implements RequestListener {
  private final LifecycleLog log;

  FrontendLifecycle(LifecycleLog log) {
    this.log = log;
  }

  @Override
  public void preprocessing(Generation generation) {
    write(PREPROCESSING_START, generation, new LinkedHashMap<>());
  }

  @Override
  public void dispatched(Generation generation, int promptTokens, int choices) {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("prompt_tokens", promptTokens);
    more.put("choices", choices);
    write(PREPROCESSING_END, generation, more);
  }

  @Override
  public void firstOutput(Generation generation) {
    write(POSTPROCESSING_START, generation, new LinkedHashMap<>());
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
    write(answered ? POSTPROCESSING_END : REQUEST_END, generation, more);
  }

  private void write(LifecycleEvent event, Generation generation, Map<String, Object> more) {
    generation.user().ifPresent(user -> more.put("user_id", user));
    log.write(event, generation.rid(), generation.trace().traceId().orElse(null), more);
  }
}
