package dev.serving.core.frontend;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;

/**
 * Counts and times requests: OpenTelemetry's {@code gen_ai.server.*} histograms with the buckets
 * and labels of its conventions, and what they leave out. Any thread.
 */
final class ServerMetrics implements RequestListener {
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

  private final MeterRegistry registry;
  private final String model;
  private final Seconds betweenTokens;

  ServerMetrics(MeterRegistry registry, String model) {
    this.registry = registry;
    this.model = model;
    this.betweenTokens = seconds("serving.inter_token_latency", BETWEEN_TOKENS, Tags.empty());
    registered();
  }

  /** Counters that nothing has counted yet are 0 in the first scrape, not missing. */
  private void registered() {
    tokens("input").increment(0);
    tokens("output").increment(0);
    tokens("cached").increment(0);
  }

  @Override
  public void tokens(Generation generation, int tokens, long sinceLastNanos) {
    if (sinceLastNanos >= 0) {
      double each = sinceLastNanos / 1e9 / tokens;
      for (int i = 0; i < tokens; i++) {
        betweenTokens.record(each);
      }
    }
  }

  @Override
  public void ended(Generation generation, Outcome outcome) {
    Tags labels = labels(outcome);
    Tag error = Tag.of("error.type", outcome.errorType() == null ? "" : outcome.errorType());
    seconds("gen_ai.server.request.duration", DURATION, labels.and(error))
        .record(outcome.seconds());
    if (outcome.errorType() == null) {
      firstAndFurtherTokens(outcome, labels);
    }
    tokens("input").increment(outcome.promptTokens());
    tokens("output").increment(outcome.outputTokens());
    tokens("cached").increment(outcome.cachedTokens());
    String ending = outcome.errorType() == null ? "answered" : outcome.errorType();
    finished(ending).increment();
  }

  private void firstAndFurtherTokens(Outcome outcome, Tags labels) {
    if (outcome.firstTokenSeconds() >= 0) {
      seconds("gen_ai.server.time_to_first_token", FIRST_TOKEN, labels)
          .record(outcome.firstTokenSeconds());
    }
    int further = outcome.outputTokens() - outcome.finishReasons().size();
    if (further > 0) {
      double time = outcome.lastTokenSeconds() - outcome.firstTokenSeconds();
      seconds("gen_ai.server.time_per_output_token", PER_TOKEN, labels).record(time / further);
    }
  }

  private Tags labels(Outcome outcome) {
    return Tags.of(
        "gen_ai.operation.name",
        outcome.endpoint().operation(),
        "gen_ai.provider.name",
        "serving",
        "gen_ai.request.model",
        model,
        "gen_ai.response.model",
        model);
  }

  private Seconds seconds(String name, double[] buckets, Tags labels) {
    return Seconds.of(registry, name, buckets, labels);
  }

  private Counter tokens(String kind) {
    return Counter.builder("serving.tokens").tag("kind", kind).register(registry);
  }

  private Counter finished(String ending) {
    return Counter.builder("serving.requests.finished").tag("ending", ending).register(registry);
  }
}
