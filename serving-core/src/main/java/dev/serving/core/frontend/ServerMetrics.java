package dev.serving.core.frontend;

import dev.serving.blame.Cause;
import dev.serving.core.frontend.api.Endpoint;
import dev.serving.core.frontend.metrics.BlameSeconds;
import dev.serving.core.frontend.metrics.Metrics;
import dev.serving.core.frontend.metrics.RequestCounts;
import dev.serving.core.frontend.metrics.RequestTimes;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.stream.Stream;

/** Counts and times what happens to requests for text. Any thread. */
final class ServerMetrics implements RequestListener {
  private static final double NANOS = 1e9;

  private final RequestTimes times;
  private final RequestCounts counts;
  private final BlameSeconds blame;

  ServerMetrics(Metrics metrics, String model) {
    List<String> operations = Stream.of(Endpoint.values()).map(Endpoint::operation).toList();
    times = new RequestTimes(metrics, model, operations);
    counts = new RequestCounts(metrics, model);
    blame = new BlameSeconds(metrics, model, Stream.of(Cause.values()).map(Cause::label).toList());
  }

  @Override
  public void dispatched(Generation generation, int promptTokens, int choices) {
    int most =
        generation.choices().all().stream().mapToInt(choice -> choice.maxTokens).max().orElse(0);
    counts.asked(promptTokens, most, generation.choices().each());
  }

  @Override
  public void prefilled(Generation generation, Choice choice) {
    if (generation.choices().isFirst(choice)) {
      counts.prefilled(choice.promptTokens, choice.cachedTokens());
    }
  }

  @Override
  public void tokens(Generation generation, int tokens, long sinceLastNanos) {
    counts.made(tokens);
    if (sinceLastNanos >= 0 && tokens > 0) {
      double each = sinceLastNanos / NANOS / tokens;
      times.betweenTokens(tokens, each, generation.trace().exemplar());
    }
  }

  @Override
  public void accounted(Generation generation, Settled settled) {
    settled.account().whole().causes().forEach((cause, ns) -> blame.add(cause.label(), ns));
  }

  @Override
  public void ended(Generation generation, Outcome outcome) {
    String operation = outcome.endpoint().operation();
    Labels exemplar = generation.trace().exemplar();
    times.ended(operation, outcome.errorType(), outcome.seconds(), exemplar);
    if (outcome.errorType() == null) {
      firstAndFurtherTokens(outcome, generation.waitedForClient(), exemplar);
    }
    counts.ended(outcome.errorType());
    if (!generation.choices().isEmpty()) {
      counts.answered(outcome.outputTokens());
      generation.choices().all().forEach(choice -> counts.choiceEnded(choice.ending()));
    }
  }

  private void firstAndFurtherTokens(Outcome outcome, boolean waited, Labels exemplar) {
    String operation = outcome.endpoint().operation();
    if (outcome.firstTokenSeconds() >= 0) {
      times.firstToken(operation, outcome.firstTokenSeconds(), exemplar);
    }
    int further = outcome.outputTokens() - outcome.finishReasons().size();
    if (further > 0 && !waited) {
      double time = outcome.lastTokenSeconds() - outcome.firstTokenSeconds();
      times.perToken(operation, time / further, exemplar);
    }
  }
}
