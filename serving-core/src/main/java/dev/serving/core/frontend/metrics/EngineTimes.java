package dev.serving.core.frontend.metrics;

import static dev.serving.core.frontend.metrics.Units.TOKENS;
import static io.prometheus.metrics.model.snapshots.Unit.SECONDS;

import dev.serving.core.message.FrontendMessage.EngineReport;
import dev.serving.core.message.InferenceReport;
import dev.serving.core.message.StepReport;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;

/**
 * What engines report of requests and steps: how long requests waited, what steps were. Each series
 * is there, at 0, from the start. Any thread.
 */
final class EngineTimes {
  private static final double[] QUEUE_TIME = {
    .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60
  };
  private static final double[] INFERENCE = {
    .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 40, 80, 160
  };
  private static final double[] STEP_DURATION = {
    .001, .0025, .005, .01, .025, .05, .075, .1, .15, .2, .3, .5, .75, 1, 2.5, 5
  };
  private static final String MODEL = "model";
  private static final String DP_RANK = "dp_rank";

  private final String model;
  private final Histogram queueTime;
  private final Histogram prefill;
  private final Histogram decode;
  private final Histogram inference;
  private final Histogram stepDuration;
  private final Histogram batchSize;
  private final Histogram stepTokens;

  EngineTimes(Metrics metrics, String model, int engines) {
    this.model = model;
    queueTime =
        times(
            metrics,
            "serving_queue_time_seconds",
            "Time that a request waited in its engine for its first step.",
            QUEUE_TIME);
    prefill =
        times(
            metrics,
            "serving_prefill_time_seconds",
            "Time from a sequence's first step to its first token.",
            INFERENCE);
    decode =
        times(
            metrics,
            "serving_decode_time_seconds",
            "Time from a sequence's first token to its last.",
            INFERENCE);
    inference =
        times(
            metrics,
            "serving_inference_time_seconds",
            "Time from a sequence's first step to its last token.",
            INFERENCE);
    stepDuration =
        times(
            metrics,
            "serving_step_duration_seconds",
            "Time of a step, from handing it to the ranks to the last one's answer.",
            STEP_DURATION);
    batchSize = batchSize(metrics);
    stepTokens = stepTokens(metrics);
    for (int rank = 0; rank < engines; rank++) {
      appear(Integer.toString(rank));
    }
  }

  private static Histogram times(Metrics metrics, String name, String help, double[] bounds) {
    return Histograms.register(metrics, name, help, SECONDS, bounds, MODEL, DP_RANK);
  }

  private static Histogram batchSize(Metrics metrics) {
    return Histograms.register(
        metrics,
        "serving_step_batch_size",
        "Sequences in a step.",
        null,
        Histograms.STEP_POWERS,
        MODEL,
        DP_RANK);
  }

  private static Histogram stepTokens(Metrics metrics) {
    return Histograms.register(
        metrics,
        "serving_step_tokens",
        "Rows of a step: prompt tokens (prefill) and last tokens (decode).",
        TOKENS,
        Histograms.STEP_POWERS,
        MODEL,
        DP_RANK,
        "phase");
  }

  private void appear(String dpRank) {
    List.of(queueTime, prefill, decode, inference, stepDuration, batchSize)
        .forEach(h -> h.initLabelValues(model, dpRank));
    List.of("prefill", "decode").forEach(phase -> stepTokens.initLabelValues(model, dpRank, phase));
  }

  void reported(int engine, EngineReport report) {
    String dpRank = Integer.toString(engine);
    report.queueNs().forEach(waited -> queueTime.labelValues(model, dpRank).observe(waited / 1e9));
    report.inferences().forEach(times -> inference(dpRank, times));
    report.steps().forEach(step -> step(dpRank, step));
  }

  private void inference(String dpRank, InferenceReport times) {
    prefill.labelValues(model, dpRank).observe(times.prefillNs() / 1e9);
    decode.labelValues(model, dpRank).observe(times.decodeNs() / 1e9);
    inference.labelValues(model, dpRank).observe((times.prefillNs() + times.decodeNs()) / 1e9);
  }

  private void step(String dpRank, StepReport step) {
    stepDuration.labelValues(model, dpRank).observe(step.durationNs() / 1e9);
    batchSize.labelValues(model, dpRank).observe(step.sequences());
    stepTokens.labelValues(model, dpRank, "prefill").observe(step.prefillTokens());
    stepTokens.labelValues(model, dpRank, "decode").observe(step.decodeTokens());
  }
}
