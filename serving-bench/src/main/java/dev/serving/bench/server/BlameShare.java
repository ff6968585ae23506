package dev.serving.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What knowing why requests were slow takes of a busy server: the processor time of the thread that
 * makes accounts, beside that of all the server's processes. On cores that have no time left, what
 * it takes is what throughput loses; and processor time differs less from run to run than
 * throughput does, of which a two-hundredth would not be seen. What the engine notes meanwhile is
 * in {@code LedgerCost}.
 */
public final class BlameShare {
  private static final int CLIENTS = 16;
  private static final int TOKENS = 24;
  private static final int WARM_UP_SECONDS = 15;

  private BlameShare() {}

  /** Takes how many seconds to measure (default 40); runs in the project's directory, built. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 40;
    Path model = Path.of("models/serving-demo");
    try (ServeProcess server = ServeProcess.start(Path.of(""), model, "--lifecycle-log=off")) {
      Load load = new Load(server.uri(), server.model(), CLIENTS, TOKENS);
      run(load, WARM_UP_SECONDS);
      long blame = ticks(server, "blame");
      long all = ticks(server, "");
      int answers = run(load, seconds);
      double mine = ticks(server, "blame") - blame;
      double total = ticks(server, "") - all;
      System.out.printf(
          Locale.ROOT,
          "%d answers of %d tokens, %d at once: %.0f ms of processor time, of which accounts took"
              + " %.0f ms: %.2f %%, %.0f us each%n",
          answers,
          TOKENS,
          CLIENTS,
          10 * total,
          10 * mine,
          100 * mine / total,
          10_000 * mine / answers);
    }
  }

  private static int run(Load load, int seconds) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    int answers = 0;
    while (System.nanoTime() - end < 0) {
      load.run();
      answers += CLIENTS;
    }
    return answers;
  }

  /** Hundredths of a second that the server's threads of this name ran; its processes' if empty. */
  private static long ticks(ServeProcess server, String thread) throws IOException {
    long sum = 0;
    for (var process : server.processes().entrySet()) {
      if (!process.getKey().startsWith("clients")) {
        Path place = Path.of("/proc/" + process.getValue());
        sum += thread.isEmpty() ? ticks(place) : ticks(place.resolve("task"), thread);
      }
    }
    return sum;
  }

  private static long ticks(Path threads, String name) throws IOException {
    try (Stream<Path> all = Files.list(threads)) {
      long sum = 0;
      for (Path thread : all.toList()) {
        if (name.equals(Files.readString(thread.resolve("comm")).strip())) {
          sum += ticks(thread);
        }
      }
      return sum;
    }
  }

  private static long ticks(Path place) throws IOException {
    String stat = Files.readString(place.resolve("stat"));
    String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(afterName[11]) + Long.parseLong(afterName[12]);
  }
}
