package dev.serving.core.frontend;

import dev.serving.core.frontend.api.Endpoint;
import dev.serving.core.frontend.http.Exchange;
import java.util.List;

/**
 * What came of a request, for the trace, the metrics and the log.
 *
 * @param endpoint how it came
 * @param status the HTTP status of the answer, 0 when there was none
 * @param errorType what went wrong, or null
 * @param promptTokens tokens of all prompts, 0 when it did not get so far
 * @param outputTokens tokens generated, over all choices
 * @param cachedTokens prompt tokens from the prefix cache
 * @param finishReasons one for each choice that finished
 * @param firstTokenSeconds from the first byte to the first token, or below 0 when there was none
 * @param lastTokenSeconds from the first byte to the last token, or below 0
 * @param seconds from the first byte to the end
 */
record Outcome(
    Endpoint endpoint,
    int status,
    String errorType,
    int promptTokens,
    int outputTokens,
    int cachedTokens,
    List<String> finishReasons,
    double firstTokenSeconds,
    double lastTokenSeconds,
    double seconds) {
  Outcome {
    finishReasons = List.copyOf(finishReasons);
  }

  /** Of a request that was over at a time of {@link System#nanoTime}. */
  static Outcome of(
      Endpoint endpoint,
      Exchange exchange,
      Failure failure,
      Choices choices,
      TokenClock clock,
      long endedNs) {
    long begin = exchange.head().firstByteNanos();
    return new Outcome(
        endpoint,
        exchange.status(),
        failure.type(),
        choices.promptTokens(),
        choices.outputTokens(),
        choices.cachedTokens(),
        choices.finishReasons(),
        seconds(begin, clock.firstNanos()),
        seconds(begin, clock.lastNanos()),
        seconds(begin, endedNs));
  }

  private static double seconds(long begin, long nanos) {
    return nanos == 0 ? -1 : (nanos - begin) / 1e9;
  }
}
