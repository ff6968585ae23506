package dev.serving.core.frontend;

import dev.serving.core.frontend.api.Timings;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes of a request's report what its answer tells of it, where it asked. */
final class AnswerTimings {
  private static final double NANOS = 1e6;

  private AnswerTimings() {}

  /**
   * Tells it.
   *
   * @param report of the request until now
   * @param clock when the request's tokens came
   */
  static Timings of(BlameReport report, Choices choices, TokenClock clock) {
    int computed = choices.promptTokens() - choices.cachedTokens();
    int tokens = choices.outputTokens();
    double prompt = report.firstToken() == null ? 0 : report.firstToken().ns() / NANOS;
    double answer = (clock.lastNanos() - clock.firstNanos()) / NANOS;
    int further = tokens - choices.size();
    Map<String, Double> causes = new LinkedHashMap<>();
    report.total().causes().forEach((cause, ns) -> causes.put(cause, ns / NANOS));
    return new Timings(
        choices.cachedTokens(),
        computed,
        prompt,
        each(prompt, computed),
        each(1000.0 * computed, prompt),
        tokens,
        answer,
        each(answer, further),
        further > 0 ? each(1000.0 * further, answer) : null,
        report.total().ns() / NANOS,
        report.aloneNs() / NANOS,
        report.total().top(),
        causes);
  }

  private static Double each(double all, double count) {
    return count > 0 ? all / count : null;
  }
}
