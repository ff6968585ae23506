package dev.serving.bench.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Clients that ask one short question after the other, and how long each answer took. */
final class GoodClients {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpRequest question;
  private final int clients;

  GoodClients(URI server, String model, int clients) {
    this.clients = clients;
    String body =
        """
        {"model": "%s", "messages": [{"role": "user", "content": "What is a slice?"}],
         "max_tokens": 16, "ignore_eos": true}\
        """
            .formatted(model);
    question =
        HttpRequest.newBuilder(server.resolve("/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
  }

  /** Asks for so long; every answer counts, whatever it is. */
  Result run(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    List<CompletableFuture<Result>> all = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      all.add(CompletableFuture.supplyAsync(() -> askUntil(end), task -> new Thread(task).start()));
    }
    Result sum = new Result(new ArrayList<>(), new TreeMap<>());
    all.forEach(one -> sum.add(one.join()));
    return sum;
  }

  private Result askUntil(long end) {
    Result result = new Result(new ArrayList<>(), new TreeMap<>());
    while (System.nanoTime() - end < 0) {
      long start = System.nanoTime();
      Answer answer = answer();
      result.outcomes().merge(answer.outcome, 1, Integer::sum);
      result.timed().add(new Timed((System.nanoTime() - start) / 1e6, answer.id));
    }
    return result;
  }

  /** Asks once: the status of the answer, or why there is none. */
  String ask() {
    return answer().outcome;
  }

  private Answer answer() {
    try {
      HttpResponse<String> answer = client.send(question, BodyHandlers.ofString());
      String id = answer.headers().firstValue("x-request-id").orElse("");
      return new Answer(Integer.toString(answer.statusCode()), id);
    } catch (IOException e) {
      return new Answer(e.getClass().getSimpleName(), "");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Answer(String outcome, String id) {}

  /** How long an answer took, and the server's name of its request. */
  record Timed(double millis, String id) {}

  /**
   * What came of it.
   *
   * @param timed each answer
   * @param outcomes how many answers had each status, or failed in which way
   */
  record Result(List<Timed> timed, Map<String, Integer> outcomes) {
    private void add(Result other) {
      timed.addAll(other.timed);
      other.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Integer::sum));
    }

    double quantile(double share) {
      List<Timed> slowest = slowest(1);
      int above = slowest.size() - (int) (share * slowest.size());
      return slowest.get(Math.max(1, above) - 1).millis;
    }

    /** This share of the answers, the slowest first. */
    List<Timed> slowest(double share) {
      return timed.stream()
          .sorted(Comparator.comparingDouble(Timed::millis).reversed())
          .limit((long) Math.ceil(share * timed.size()))
          .toList();
    }

    boolean allServed() {
      return outcomes.keySet().equals(Set.of("200"));
    }
  }
}
