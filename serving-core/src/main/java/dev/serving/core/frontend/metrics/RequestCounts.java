package dev.serving.core.frontend.metrics;

import static dev.serving.core.frontend.metrics.Units.TOKENS;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;
import java.util.Locale;

/**
 * How many requests for text there were, how large, and how they ended. Each series is there, at 0,
 * from the start. Any thread.
 */
public final class RequestCounts {
  private static final double[] CHOICES = {1, 2, 5, 10, 20, 50, 128};
  private static final List<String> FINISH_REASONS =
      List.of("stop", "length", "abort", "refused", "busy", "error");
  private static final String MODEL = "model";

  private final String model;
  private final Counter tokens;
  private final CounterDataPoint output; // of each token: not looked for each time
  private final Counter finished;
  private final Counter finishedChoices;
  private final Histogram promptTokens;
  private final Histogram outputTokens;
  private final Histogram maxTokens;
  private final Histogram choices;

  /**
   * Meters of one model.
   *
   * @param metrics where they are registered
   * @param model its name, a label
   */
  public RequestCounts(Metrics metrics, String model) {
    this.model = model;
    tokens =
        counter(
            metrics,
            "serving_tokens",
            "Tokens: input when a prompt is prefilled, cached those of input that needed no"
                + " prefill, output as they are made.",
            "kind");
    finished =
        counter(metrics, "serving_requests_finished", "Requests by how they ended.", "ending");
    finishedChoices =
        counter(
            metrics,
            "serving_choices_finished",
            "Choices that an engine had, by why they ended.",
            "finish_reason");
    promptTokens =
        sizes(metrics, "serving_request_prompt_tokens", "Tokens of a request's prompts.");
    outputTokens =
        sizes(metrics, "serving_request_output_tokens", "Tokens of all of a request's choices.");
    maxTokens =
        sizes(
            metrics,
            "serving_request_max_tokens",
            "Most tokens of a choice: as many as were asked for, or as fit.");
    choices =
        Histograms.register(
            metrics,
            "serving_request_choices",
            "Choices of a request for each of its prompts (n).",
            null,
            CHOICES,
            MODEL);
    appear();
    output = tokens.labelValues(model, "output");
  }

  private static Counter counter(Metrics metrics, String name, String help, String label) {
    return Counter.builder()
        .name(name)
        .help(help)
        .labelNames(MODEL, label)
        .withoutExemplars()
        .register(metrics.registry());
  }

  private static Histogram sizes(Metrics metrics, String name, String help) {
    return Histograms.register(metrics, name, help, TOKENS, Histograms.POWERS, MODEL);
  }

  private void appear() {
    List.of("input", "output", "cached").forEach(kind -> tokens.initLabelValues(model, kind));
    finished.initLabelValues(model, Endings.ANSWERED);
    Endings.FAILED.forEach(ending -> finished.initLabelValues(model, ending));
    FINISH_REASONS.forEach(reason -> finishedChoices.initLabelValues(model, reason));
    List.of(promptTokens, outputTokens, maxTokens, choices)
        .forEach(histogram -> histogram.initLabelValues(model));
  }

  /** A request goes to an engine. */
  public void asked(int promptTokenCount, int most, int n) {
    promptTokens.labelValues(model).observe(promptTokenCount);
    maxTokens.labelValues(model).observe(most);
    choices.labelValues(model).observe(n);
  }

  /** A prompt is prefilled; {@code cached} of its tokens did not need it. */
  public void prefilled(int promptTokenCount, int cached) {
    tokens.labelValues(model, "input").inc(promptTokenCount);
    tokens.labelValues(model, "cached").inc(cached);
  }

  /** Tokens of an answer are here. */
  public void made(int count) {
    output.inc(count);
  }

  /** An engine has ended a choice, for this reason. */
  public void choiceEnded(String reason) {
    finishedChoices.labelValues(model, reason.toLowerCase(Locale.ROOT)).inc();
  }

  /** A request that an engine had is over, with so many tokens made for it. */
  public void answered(int outputTokenCount) {
    outputTokens.labelValues(model).observe(outputTokenCount);
  }

  /** A request is over; {@code errorType} is null when it was answered. */
  public void ended(String errorType) {
    finished.labelValues(model, Endings.ending(errorType)).inc();
  }
}
