package dev.serving.cli.load;

import dev.serving.cli.load.Times.Quantiles;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a load has shown.
 *
 * @param target the server
 * @param config what was asked of it
 * @param seconds from the beginning to the last end
 * @param completed requests that were answered
 * @param failed requests that were not
 * @param cancelled requests whose client left, as it was told to
 * @param inputTokens of all prompts, as the server counted
 * @param outputTokens of all answers
 * @param mostOpen requests that were open at a time at most
 * @param tokensBySecond pieces of text in each second
 * @param firstToken until the first token
 * @param perToken mean of a token after the first
 * @param betweenTokens between two pieces of text
 * @param endToEnd until the end
 * @param errors how often each kind of failure
 * @param dots each request
 * @param openAtEnd requests that were open when it was ended before its time, and count nowhere;
 *     empty where it came to its end
 */
public record LoadResult(
    Target target,
    LoadConfig config,
    double seconds,
    int completed,
    int failed,
    int cancelled,
    long inputTokens,
    long outputTokens,
    int mostOpen,
    Map<Long, Integer> tokensBySecond,
    Quantiles firstToken,
    Quantiles perToken,
    Quantiles betweenTokens,
    Quantiles endToEnd,
    Map<String, Integer> errors,
    List<Dot> dots,
    OptionalInt openAtEnd) {
  /** Whether it was ended before its time. */
  public boolean isPartial() {
    return openAtEnd.isPresent();
  }

  double requestThroughput() {
    return seconds == 0 ? 0 : completed / seconds;
  }

  double outputThroughput() {
    return seconds == 0 ? 0 : outputTokens / seconds;
  }

  double totalThroughput() {
    return seconds == 0 ? 0 : (inputTokens + outputTokens) / seconds;
  }

  int peakOutput() {
    return tokensBySecond.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }
}
