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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Asks a server for text, and then why that took as long as it did. Any thread. */
final class BlameClient {
  /** Causes that an idle server has, too. */
  private static final Pattern ALONE =
      Pattern.compile(
          "\"(?:client_in|frontend_queue|frontend|transport|schedule|own|dispatch|client_out)\":(\\d+)");

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
    for (int i = 0; i < 100; i++) { // the account comes some moments after the last byte
      String why =
          client
              .send(
                  HttpRequest.newBuilder(server.resolve("/blame?request=" + id)).build(),
                  BodyHandlers.ofString())
              .body();
      if (why.contains("\"total\"")) {
        return Times.of(why, asked.tokens());
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
   */
  record Times(long ns, long aloneNs, long firstNs, long firstAloneNs, int tokens) {
    static Times of(String why, int tokens) {
      String total = why.substring(why.indexOf("\"total\""), why.indexOf("\"first_token\""));
      String first = why.substring(why.indexOf("\"first_token\""), why.indexOf("\"worst_token\""));
      return new Times(ns(total), alone(total), ns(first), alone(first), tokens);
    }

    private static long ns(String part) {
      Matcher ns = Pattern.compile("\"ns\":(\\d+)").matcher(part);
      if (!ns.find()) {
        throw new IllegalArgumentException("no account: " + part);
      }
      return Long.parseLong(ns.group(1));
    }

    private static long alone(String part) {
      Matcher causes = ALONE.matcher(part);
      return Stream.generate(causes::find)
          .takeWhile(found -> found)
          .mapToLong(found -> Long.parseLong(causes.group(1)))
          .sum();
    }

    /** The mean time of a token after the first. */
    double perToken(boolean alone) {
      long all = alone ? aloneNs - firstAloneNs : ns - firstNs;
      return (double) all / (tokens - 1);
    }
  }
}
