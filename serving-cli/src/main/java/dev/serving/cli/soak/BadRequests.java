package dev.serving.cli.soak;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A client that asks for what cannot be had, in a thread of its own. */
final class BadRequests implements Runnable {
  private static final long EVERY_MILLIS = 200;
  private static final String JSON = "application/json";

  /** What it sends: a path, a type, and a body. */
  private record Bad(String path, String type, String body) {}

  private static final List<Bad> ALL =
      List.of(
          new Bad("/v1/completions", JSON, "{"),
          new Bad("/v1/completions", JSON, "{\"model\": \"nobody's\", \"prompt\": \"x\"}"),
          new Bad("/v1/completions", JSON, "{\"prompt\": \"x\", \"temperature\": 9}"),
          new Bad(
              "/v1/chat/completions",
              JSON,
              "{\"messages\": [{\"role\": \"user\", \"content\": \"" + "x ".repeat(9000) + "\"}]}"),
          new Bad("/v1/completions", "text/plain", "prompt"));

  private final SoakServer server;
  private volatile boolean ended;
  private final Map<String, Integer> answers = new TreeMap<>();

  BadRequests(SoakServer server) {
    this.server = server;
  }

  /** Lets it end, after the request that has begun: one that is cut off could not be counted. */
  void end() {
    ended = true;
  }

  /** Goes on until it is told to end. */
  @Override
  public void run() {
    try {
      for (int i = 0; !ended; i++) {
        count(send(ALL.get(i % ALL.size())));
        TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String send(Bad bad) throws InterruptedException {
    try {
      HttpRequest.Builder request =
          server
              .request(bad.path())
              .header("Content-Type", bad.type())
              .POST(HttpRequest.BodyPublishers.ofString(bad.body()));
      return "http " + server.send(request).statusCode();
    } catch (IOException e) {
      return "connection: " + e.getMessage();
    }
  }

  private synchronized void count(String answer) {
    answers.merge(answer, 1, Integer::sum);
  }

  /** How often each answer came. */
  synchronized Map<String, Integer> answers() {
    return new TreeMap<>(answers);
  }
}
