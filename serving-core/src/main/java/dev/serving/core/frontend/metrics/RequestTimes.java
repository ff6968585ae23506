package dev.serving.core.frontend.metrics;

import static io.prometheus.metrics.model.snapshots.Unit.SECONDS;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long requests for text take: OpenTelemetry's {@code gen_ai.server.*} histograms with the
 * buckets and labels of its conventions, and what they leave out. Each series is there, at 0, from
 * the start. Exemplars are the labels of a sampled trace, or empty. Any thread.
 */
public final class RequestTimes {
  private static final double[] DURATION = {
    .01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
  };
  private static final double[] FIRST_TOKEN = {
    .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10
  };
  private static final double[] PER_TOKEN = {
    .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5
  };
  private static final double[] BETWEEN_TOKENS = {
    .001, .0025, .005, .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5
  };
  private static final String[] GEN_AI = {
    "gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "gen_ai_response_model"
  };
  private static final String ERROR = "error_type";

  private final String model;
  private final Histogram duration;
  private final Histogram firstToken;
  private final Histogram perToken;
  private final DistributionDataPoint betweenTokens; // of each token: not looked for each time

  /**
   * Meters of one model.
   *
   * @param metrics where they are registered
   * @param model its name, a label
   * @param operations what requests can be, by the names of the conventions
   */
  public RequestTimes(Metrics metrics, String model, List<String> operations) {
    this.model = model;
    duration =
        Histograms.register(
            metrics,
            "gen_ai_server_request_duration_seconds",
            "Time from a request's first byte until its last was written and its engine let go.",
            SECONDS,
            DURATION,
            with(GEN_AI, ERROR));
    firstToken =
        Histograms.register(
            metrics,
            "gen_ai_server_time_to_first_token_seconds",
            "Time from the first byte of an answered request to its first token.",
            SECONDS,
            FIRST_TOKEN,
            GEN_AI);
    perToken =
        Histograms.register(
            metrics,
            "gen_ai_server_time_per_output_token_seconds",
            "Mean time of a token after the first of an answered request.",
            SECONDS,
            PER_TOKEN,
            GEN_AI);
    betweenTokens =
        Histograms.register(
                metrics,
                "serving_inter_token_latency_seconds",
                "Time between two tokens of a choice.",
                SECONDS,
                BETWEEN_TOKENS,
                "model")
            .labelValues(model);
    operations.forEach(this::appear);
  }

  private void appear(String operation) {
    String[] labels = labels(operation);
    firstToken.initLabelValues(labels);
    perToken.initLabelValues(labels);
    duration.initLabelValues(with(labels, ""));
    Endings.FAILED.forEach(error -> duration.initLabelValues(with(labels, error)));
  }

  /** A request is over; {@code errorType} is null when it was answered. */
  public void ended(String operation, String errorType, double seconds, Labels exemplar) {
    String[] labels = with(labels(operation), Endings.error(errorType));
    Histograms.record(duration.labelValues(labels), seconds, exemplar);
  }

  /** An answered request had its first token after so long. */
  public void firstToken(String operation, double seconds, Labels exemplar) {
    Histograms.record(firstToken.labelValues(labels(operation)), seconds, exemplar);
  }

  /** Each token of an answered request after the first took so long, on average. */
  public void perToken(String operation, double seconds, Labels exemplar) {
    Histograms.record(perToken.labelValues(labels(operation)), seconds, exemplar);
  }

  /** So many tokens of a choice came, each so long after the one before. */
  public void betweenTokens(int tokens, double seconds, Labels exemplar) {
    for (int i = 0; i < tokens; i++) {
      Histograms.record(betweenTokens, seconds, exemplar);
    }
  }

  private String[] labels(String operation) {
    return new String[] {operation, "serving", model, model};
  }

  private static String[] with(String[] labels, String last) {
    return Stream.concat(Stream.of(labels), Stream.of(last)).toArray(String[]::new);
  }
}
