package dev.serving.bench.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a token of a streamed answer takes of processor time in the frontend: the link to the
 * engine, text, events, HTTP, by the threads that do it. Compilers are left out, which have an end.
 * The small model that ships makes the tokens, for with a large one the threads do the same and
 * rest longer.
 */
public final class FrontendCost {
  private static final double GOAL_MICROS = 20;
  private static final double LEAST_MICROS = 0.1; // of what is shown
  private static final int TOKENS = 256;
  private static final int[] CLIENTS = {1, 4, 16};
  private static final int ROUNDS = 8;
  private static final String ALL = "all but compilers";
  private static final String COMPILERS = "compilers";

  private FrontendCost() {}

  /** Takes for how many seconds each round lasts (default 3); runs in the project's directory. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    Path model = Path.of("models/serving-demo");
    try (ServeProcess server = ServeProcess.start(Path.of(""), model, "--lifecycle-log=off")) {
      for (int clients : CLIENTS) {
        Load load = new Load(server.uri(), server.model(), clients, TOKENS);
        load.run(4 * seconds); // until what serves so many is compiled
        report(clients, rounds(server.processes().get("frontend"), load, seconds));
      }
    }
  }

  private static List<Map<String, Double>> rounds(long pid, Load load, int seconds)
      throws IOException {
    List<Map<String, Double>> rounds = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      Map<String, Long> before = nanos(pid);
      double tokens = (double) load.run(seconds) * TOKENS;
      Map<String, Double> round = new TreeMap<>();
      nanos(pid).forEach((t, ns) -> round.put(t, (ns - before.getOrDefault(t, 0L)) / 1e3 / tokens));
      rounds.add(round);
    }
    return rounds;
  }

  private static void report(int clients, List<Map<String, Double>> rounds) {
    System.out.printf(
        Locale.ROOT,
        "%d at once, us a token (median of %d rounds), goal %.0f%n",
        clients,
        ROUNDS,
        GOAL_MICROS);
    for (String threads : rounds.get(ROUNDS - 1).keySet()) {
      double[] all =
          rounds.stream().mapToDouble(r -> r.getOrDefault(threads, 0.0)).sorted().toArray();
      if (all[ROUNDS / 2] > LEAST_MICROS) {
        System.out.printf(
            Locale.ROOT,
            "  %-20s %6.2f  (%.2f to %.2f)%n",
            threads,
            all[ROUNDS / 2],
            all[0],
            all[ROUNDS - 1]);
      }
    }
  }

  /** Time on a processor so far, by the threads' names without their numbers. */
  private static Map<String, Long> nanos(long pid) throws IOException {
    Map<String, Long> sums = new TreeMap<>(Map.of(ALL, 0L));
    ProcessTimes.byThread(pid)
        .forEach(
            (thread, times) -> {
              String name = name(thread);
              sums.merge(name, times.runNanos(), Long::sum);
              if (!name.equals(COMPILERS)) {
                sums.merge(ALL, times.runNanos(), Long::sum);
              }
            });
    return sums;
  }

  private static String name(String thread) {
    if (ProcessTimes.compiles(thread)) {
      return COMPILERS;
    }
    return thread.matches("(G1|GC|VM) .*") ? "collector" : thread.replaceAll("[-0-9 ]+$", "");
  }
}
