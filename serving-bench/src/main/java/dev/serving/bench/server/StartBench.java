package dev.serving.bench.server;

import dev.serving.core.frontend.ReadyLine;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * How long a user waits who types {@code ./serving serve}: until it says that it serves, until the
 * first token, and for {@code ./serving --version}. Beside it the processor time of all its
 * processes, which moves less with whatever else the machine does.
 */
public final class StartBench {
  private static final int STARTS = 7;
  private static final double GOAL_SECONDS = 2;
  private static final double VERSION_GOAL_SECONDS = 0.4;

  private StartBench() {}

  /** Runs; the argument is the number of starts, by default 7. The first is not counted. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int starts = args.length == 0 ? STARTS : Integer.parseInt(args[0]);
    List<Start> all = new ArrayList<>();
    List<Double> versions = new ArrayList<>();
    for (int i = 0; i <= starts; i++) {
      Start start = start();
      double version = version();
      System.out.printf("%s  --version %.2f s%s%n", start, version, i == 0 ? " (not counted)" : "");
      if (i > 0) {
        all.add(start);
        versions.add(version);
      }
    }
    Start p50 =
        new Start(
            median(all, Start::ready), median(all, Start::token), median(all, Start::processor));
    double version = median(versions, v -> v);
    System.out.printf(
        "p50: %s, goal %.1f s  --version %.2f s, goal %.1f s%n",
        p50, GOAL_SECONDS, version, VERSION_GOAL_SECONDS);
    System.exit(p50.token <= GOAL_SECONDS && version <= VERSION_GOAL_SECONDS ? 0 : 1);
  }

  private static Start start() throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    long typed = System.nanoTime();
    Process process = launch("serve", "--port", "0");
    try {
      ReadyLine said =
          ReadyLine.awaitIn(process.getInputStream())
              .orElseThrow(() -> new IOException("the server ended before it was ready"));
      double ready = since(typed);
      String body =
          "{\"model\": \"%s\", \"prompt\": \"Hello\", \"max_tokens\": 1}".formatted(said.model());
      HttpRequest request =
          HttpRequest.newBuilder(said.uri().resolve("/v1/completions"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      int status = client.send(request, BodyHandlers.ofString()).statusCode();
      if (status != 200) {
        throw new IOException("the first request was answered by " + status);
      }
      return new Start(ready, since(typed), processor(process.toHandle()));
    } finally {
      process.destroy();
      process.waitFor(30, TimeUnit.SECONDS);
    }
  }

  private static Process launch(String... words) throws IOException {
    List<String> line = new ArrayList<>(List.of(Path.of("serving").toAbsolutePath().toString()));
    line.addAll(List.of(words));
    return new ProcessBuilder(line).redirectErrorStream(true).start();
  }

  private static double version() throws IOException, InterruptedException {
    long typed = System.nanoTime();
    Process process = launch("--version");
    process.getInputStream().readAllBytes();
    if (process.waitFor() != 0) {
      throw new IOException("./serving --version failed");
    }
    return since(typed);
  }

  private static double processor(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
            .mapToLong(p -> p.info().totalCpuDuration().map(Duration::toMillis).orElse(0L))
            .sum()
        / 1e3;
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private static <T> double median(List<T> values, ToDoubleFunction<T> of) {
    double[] sorted = values.stream().mapToDouble(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** One start, in seconds; {@code processor} is what all processes took of processors. */
  private record Start(double ready, double token, double processor) {
    @Override
    public String toString() {
      return "ready after %.2f s, first token after %.2f s, processor %.2f s"
          .formatted(ready, token, processor);
    }
  }
}
