package dev.serving.bench.blame;

import dev.serving.bench.blame.ReplayBench.Asked;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a server for text, and then why that took as long as it did. Any thread. */
final class BlameClient {
  static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI server;
  private final String model;

  BlameClient(URI server, String model) {
    this.server = server;
    this.model = model;
  }

  /** Asks for all, so many at a time; the times of each, in the same order. */
  List<Times> all(List<Asked> requests, int atOnce) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    try {
      List<Future<Times>> answers =
          threads.invokeAll(requests.stream().map(r -> (Job) () -> ask(r)).toList());
      List<Times> times = new ArrayList<>();
      for (Future<Times> answer : answers) {
        times.add(answer.get());
      }
      return times;
    } catch (ExecutionException e) {
      throw new IOException("a request failed", e.getCause());
    } finally {
      threads.shutdown();
    }
  }

  private interface Job extends java.util.concurrent.Callable<Times> {}

  private Times ask(Asked asked) throws IOException, InterruptedException {
    String body =
        """
        {"model": "%s", "prompt": %s, "max_tokens": %d, "ignore_eos": true, "stream": true,
         "temperature": 0}"""
            .formatted(model, asked.prompt(), asked.tokens());
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/v1/completions"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    String id = answer.headers().firstValue("x-request-id").orElseThrow();
    return Times.of(account(id), asked.tokens());
  }

  /** The account of a request, which comes some moments after its last byte. */
  JsonNode account(String id) throws IOException, InterruptedException {
    HttpRequest why = HttpRequest.newBuilder(server.resolve("/blame?request=" + id)).build();
    for (int i = 0; i < 500; i++) {
      JsonNode found = JSON.readTree(client.send(why, BodyHandlers.ofString()).body());
      if (!found.path("requests").isEmpty()) {
        return found.path("requests").get(0);
      }
      Thread.sleep(2);
    }
    throw new IOException("no account of " + id);
  }

  /**
   * What a server said of a request.
   *
   * @param ns how long it took
   * @param aloneNs how long it would have taken alone
   * @param firstNs how long its first token took
   * @param firstAloneNs how long that would have taken alone
   * @param tokens of its answer
   * @param learned whether "alone" is from lone requests
   * @param causes nanoseconds by cause
   */
  record Times(
      long ns,
      long aloneNs,
      long firstNs,
      long firstAloneNs,
      int tokens,
      boolean learned,
      Map<String, Long> causes) {
    static Times of(JsonNode why, int tokens) {
      Map<String, Long> causes = new TreeMap<>();
      why.path("total").path("causes").forEachEntry((name, ns) -> causes.put(name, ns.asLong()));
      return new Times(
          why.path("total").path("ns").asLong(),
          why.path("alone_ns").asLong(),
          why.path("first_token").path("ns").asLong(),
          why.path("first_token_alone_ns").asLong(),
          tokens,
          why.path("alone_from").asString().equals("lone"),
          causes);
    }

    /** The mean time of a token after the first. */
    double perToken(boolean alone) {
      long all = alone ? aloneNs - firstAloneNs : ns - firstNs;
      return (double) all / (tokens - 1);
    }
  }
}
