package dev.serving.core.frontend.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an answer's time went to until it was ready to be sent: llama.cpp's {@code timings}, with
 * causes. Times are in milliseconds.
 *
 * @param cacheN prompt tokens that came from the prefix cache
 * @param promptN prompt tokens that were computed
 * @param promptMs until the first token, waiting included
 * @param promptPerTokenMs that, a computed token of the prompt; null where none was
 * @param promptPerSecond computed tokens of the prompt in a second; null likewise
 * @param predictedN tokens of the answer
 * @param predictedMs from the first token to the last
 * @param predictedPerTokenMs that, a token after the first; null where there is none
 * @param predictedPerSecond tokens after the first in a second; null likewise
 * @param totalMs since the request's first byte
 * @param aloneMs what all would have taken with the server to itself
 * @param top the cause of most of the whole
 * @param causesMs the whole by its causes, whose sum it is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Timings(
    int cacheN,
    int promptN,
    double promptMs,
    Double promptPerTokenMs,
    Double promptPerSecond,
    int predictedN,
    double predictedMs,
    Double predictedPerTokenMs,
    Double predictedPerSecond,
    double totalMs,
    double aloneMs,
    String top,
    Map<String, Double> causesMs) {

  /** The header {@code Server-Timing}: all of it, then each cause that has any. */
  public String header() {
    return entry("total", totalMs)
        + causesMs.entrySet().stream()
            .map(cause -> ", " + entry(cause.getKey(), cause.getValue()))
            .collect(Collectors.joining());
  }

  private static String entry(String name, double millis) {
    return String.format(Locale.ROOT, "%s;dur=%.3f", name, millis);
  }
}
