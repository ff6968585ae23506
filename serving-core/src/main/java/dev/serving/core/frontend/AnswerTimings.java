package dev.serving.core.frontend;

import dev.serving.blame.Account;
import dev.serving.blame.Blame;
import dev.serving.core.frontend.api.Timings;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes of a request's account what its answer tells of it, where it asked. */
final class AnswerTimings {
  private static final double NANOS = 1e6;

  private AnswerTimings() {}

  /**
   * Tells it.
   *
   * @param account of the request until now
   * @param clock when the request's tokens came
   */
  static Timings of(Account account, Choices choices, TokenClock clock) {
    Blame whole = account.whole();
    Blame first = account.firstToken();
    int computed = choices.promptTokens() - choices.cachedTokens();
    int tokens = choices.outputTokens();
    double prompt = first == null ? 0 : first.totalNs() / NANOS;
    double answer = (clock.lastNanos() - clock.firstNanos()) / NANOS;
    int further = tokens - choices.size();
    Map<String, Double> causes = new LinkedHashMap<>();
    whole.causes().forEach((cause, ns) -> causes.put(cause.label(), ns / NANOS));
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
        whole.totalNs() / NANOS,
        account.alone().wholeNs() / NANOS,
        whole.top().label(),
        causes);
  }

  private static Double each(double all, double count) {
    return count > 0 ? all / count : null;
  }
}
