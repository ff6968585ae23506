package dev.serving.bench.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Clients that each ask for one streamed answer of a fixed length, all at once. They share the
 * machine with the server, so they look at an answer only when all of it is there.
 */
final class Load {
  private static final int PROMPT = 4; // prefill is not what differs from level to level
  private static final int LETTERS = 200; // ids that every tokenizer has

  private final HttpClient client = HttpClient.newHttpClient();
  private final Random random = new Random(5);
  private final URI uri;
  private final String model;
  private final int clients;
  private final int tokens;

  /**
   * A load that has not begun.
   *
   * @param server where to ask
   * @param model the model's name
   * @param clients requests at a time
   * @param tokens tokens of each answer
   */
  Load(URI server, String model, int clients, int tokens) {
    this.uri = server.resolve("/v1/completions");
    this.model = model;
    this.clients = clients;
    this.tokens = tokens;
  }

  /** Asks once with every client; returns tokens per second until the last has its answer. */
  double run() throws IOException {
    List<HttpRequest> requests = Stream.generate(this::request).limit(clients).toList();
    long start = System.nanoTime();
    List<CompletableFuture<HttpResponse<String>>> answers =
        requests.stream().map(r -> client.sendAsync(r, BodyHandlers.ofString())).toList();
    try {
      answers.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      throw new IOException("a request failed", e.getCause());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      check(answer.join());
    }
    return clients * tokens / seconds;
  }

  /** Asks again and again for so long; returns how many answers there were. */
  int run(int seconds) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    int answers = 0;
    while (System.nanoTime() - end < 0) {
      run();
      answers += clients;
    }
    return answers;
  }

  /** No two prompts begin alike, for a cached prefix would make some answers cheaper. */
  private HttpRequest request() {
    List<Integer> prompt =
        IntStream.range(0, PROMPT).mapToObj(i -> 3 + random.nextInt(LETTERS)).toList();
    String body =
        """
        {"model": "%s", "prompt": %s, "max_tokens": %d, "ignore_eos": true, "stream": true,
         "stream_options": {"include_usage": true}}"""
            .formatted(model, prompt, tokens);
    return HttpRequest.newBuilder(uri)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private void check(HttpResponse<String> answer) throws IOException {
    if (!answer.body().contains("\"completion_tokens\":" + tokens)) {
      throw new IOException("an answer lacks its " + tokens + " tokens: " + answer.body());
    }
  }
}
