package dev.serving.bench.server;

import dev.serving.bench.server.GoodClients.Result;
import dev.serving.bench.server.GoodClients.Timed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What good clients feel while others do everything at once that could end a server with a heap of
 * 512 MB: 10,000 connections, a flood of bodies that never end, fifty who do not read, four whose
 * prompts fit no model, and a trace collector that hangs. The same good clients are measured
 * before, in the same server. Then everybody goes, and what the server still holds is printed. All
 * come from one address and have no keys, so that nothing tells the good ones from the others.
 *
 * <p>Needs 15,000 open files, and as many for the server, which it starts ({@code ulimit -n}).
 */
public final class SiegeBench {
  private static final String ALL = "silent,readers,bodies,prompts,collector";
  private static final int CONNECTIONS = 10_000;
  private static final int SLOW_READERS = 50;
  private static final int IMPOSSIBLE = 4;
  private static final int GOOD = 4;
  private static final double GOAL = 3;
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int HEAP_SLACK = 32 << 20;
  private static final int GROWN = 12;
  private static final double SLOWEST = 0.02;

  private final ServeProcess server;
  private final HangingCollector collector;
  private final Duration time;
  private final Set<String> who;
  private boolean good = true;

  private SiegeBench(
      ServeProcess server, HangingCollector collector, Duration time, Set<String> who) {
    this.who = who;
    this.server = server;
    this.collector = collector;
    this.time = time;
  }

  /**
   * Runs; the arguments are how many seconds each half is measured, by default 30, and who
   * besieges, by default {@value #ALL}.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Duration time = Duration.ofSeconds(args.length == 0 ? 30 : Long.parseLong(args[0]));
    Set<String> who = Set.of((args.length < 2 ? ALL : args[1]).split(",", -1));
    Path home = Path.of("").toAbsolutePath();
    try (HangingCollector collector = new HangingCollector();
        ServeProcess server =
            ServeProcess.start(
                home,
                home.resolve("models/serving-demo"),
                List.of("-Xmx512m"),
                "--engine-heap=512m",
                "--trace-enable",
                "--otlp-traces-endpoint=" + collector.endpoint())) {
      SiegeBench bench = new SiegeBench(server, collector, time, who);
      bench.run();
      if (!bench.good) {
        System.exit(1);
      }
    }
  }

  private void run() throws IOException, InterruptedException {
    GoodClients clients = new GoodClients(server.uri(), server.model(), GOOD);
    clients.run(WARM_UP);
    HeapHistogram heap = server.heap();
    Result calm = clients.run(time);
    print("alone", calm);
    Result siege = besieged(clients);
    print("besieged", siege);
    printWhy(siege);
    double ratio = siege.quantile(0.99) / calm.quantile(0.99);
    check(
        siege.allServed() && ratio <= GOAL,
        "p99 besieged / alone: %.2f, goal %.0f".formatted(ratio, GOAL));
    checkGivenBack(heap);
  }

  private Result besieged(GoodClients clients) throws IOException, InterruptedException {
    if (who.contains("collector")) {
      collector.hang();
    }
    try (Besiegers besiegers = new Besiegers(server.uri(), server.model())) {
      besiegers.fallSilent(who.contains("silent") ? CONNECTIONS : 0);
      if (who.contains("readers")) {
        besiegers.readSlowly(SLOW_READERS);
      }
      if (who.contains("bodies")) {
        besiegers.flood();
      }
      for (int i = 0; i < IMPOSSIBLE && who.contains("prompts"); i++) {
        besiegers.askTheImpossible();
      }
      Result result = clients.run(time);
      System.out.printf(
          "held meanwhile: %.0f of %.0f bytes for clients, %.0f connections, %.0f bytes of spans%n",
          server.metric("serving_client_memory_held_bytes"),
          server.metric("serving_client_memory_limit_bytes"),
          server.metric("serving_http_connections"),
          server.metric("serving_spans_queued_bytes"));
      return result;
    } finally {
      if (who.contains("collector")) {
        collector.answerAgain();
      }
    }
  }

  private void checkGivenBack(HeapHistogram before) throws IOException, InterruptedException {
    check(server.isAlive(), "the server lives");
    check(server.metric("serving_engine_restarts_total") == 0, "no engine was started anew");
    // What is left is the connection that asks, and those of the good clients.
    check(await(() -> server.metric("serving_http_connections") < 20), "connections are closed");
    check(
        await(() -> server.metric("serving_client_memory_held_bytes") < 500_000),
        "memory for clients is given back");
    check(await(() -> server.metric("serving_requests_open") == 0), "no request is open");
    check(await(() -> server.metric("serving_spans_in_flight") == 0), "no span waits");
    checkHeap(before, server.heap());
  }

  private void checkHeap(HeapHistogram before, HeapHistogram after) {
    check(
        after.total() < before.total() + HEAP_SLACK,
        "what lives in the heap: %.0f MB before, %.0f MB after"
            .formatted(before.total() / 1e6, after.total() / 1e6));
    after.grownSince(before, GROWN).forEach(line -> System.out.println("      " + line));
  }

  private static boolean await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return true;
  }

  private void check(boolean holds, String what) {
    good &= holds;
    System.out.println((holds ? "ok    " : "FAIL  ") + what);
  }

  /** What the server itself says that its slowest answers were slow of. */
  private void printWhy(Result siege) throws IOException, InterruptedException {
    List<Timed> slowest = siege.slowest(SLOWEST);
    System.out.printf("the slowest %d, in ms each:", slowest.size());
    server.causes(slowest.stream().map(Timed::id).toList()).entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(cause -> System.out.printf(" %s %.1f", cause.getKey(), cause.getValue()));
    System.out.println();
  }

  private static void print(String name, Result result) {
    System.out.printf(
        "%-9s p50 %.0f ms, p99 %.0f ms, longest %.0f ms; answers %s%n",
        name, result.quantile(0.5), result.quantile(0.99), result.quantile(1), result.outcomes());
  }
}
