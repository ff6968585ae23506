package dev.serving.cli.load;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * A server and how it is asked.
 *
 * @param base its address
 * @param chat whether prompts are sent as chat messages
 * @param endpoint the path that takes them
 * @param model the model's name; empty: the first that the server lists
 * @param headers sent with each request
 * @param ignoreEos whether answers are asked to go on at the model's end token, which fields of
 *     OpenAI's own API cannot say
 * @param temperature how freely tokens are chosen; 0: the likeliest
 * @param timeout after which a request is given up
 */
public record Target(
    URI base,
    boolean chat,
    String endpoint,
    String model,
    Map<String, String> headers,
    boolean ignoreEos,
    double temperature,
    Duration timeout) {
  /** Checks the time. */
  public Target {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "--request-timeout must be above 0; was " + timeout.toSeconds());
    }
    headers = Map.copyOf(headers);
  }

  Target withModel(String name) {
    return new Target(base, chat, endpoint, name, headers, ignoreEos, temperature, timeout);
  }

  URI uri(String path) {
    return BaseAddress.at(base, path);
  }
}
