package dev.serving.bench.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How long a server is without its engine when that is killed (-9) again and again: from the kill
 * to the first answer, beside what the engine says that it took to load and warm up the model.
 */
public final class RestartBench {
  private static final int KILLS = 15;
  private static final double GOAL_SECONDS = 1;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private RestartBench() {}

  /** Runs; the argument is the number of kills, by default 15. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int kills = args.length == 0 ? KILLS : Integer.parseInt(args[0]);
    Path home = Path.of("").toAbsolutePath();
    List<Double> outages = new ArrayList<>();
    List<Double> loads = new ArrayList<>();
    try (ServeProcess server =
        ServeProcess.start(home, home.resolve("models/serving-demo"), List.of())) {
      for (int i = 0; i < kills; i++) {
        outages.add(outage(server));
        loads.add(server.metric("serving_engine_load_seconds"));
        System.out.printf(
            "kill %2d: an answer after %.2f s, load %.2f s%n", i + 1, outages.get(i), loads.get(i));
      }
    }
    double more = median(outages) - median(loads);
    System.out.printf(
        "p50: an answer after %.2f s, load %.2f s: %.2f s more, goal %.0f s%n",
        median(outages), median(loads), more, GOAL_SECONDS);
    System.exit(more <= GOAL_SECONDS ? 0 : 1);
  }

  private static double outage(ServeProcess server) throws IOException, InterruptedException {
    GoodClients client = new GoodClients(server.uri(), server.model(), 1);
    ProcessHandle engine = server.engine();
    engine.destroyForcibly();
    engine.onExit().join();
    long killed = System.nanoTime();
    long end = killed + PATIENCE.toNanos();
    while (!client.ask().equals("200")) {
      if (System.nanoTime() - end > 0) {
        throw new IOException("no answer from " + server.uri() + " for " + PATIENCE);
      }
      Thread.sleep(10);
    }
    return (System.nanoTime() - killed) / 1e9;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
