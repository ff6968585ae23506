package dev.serving.bench.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What knowing why requests were slow takes of a busy server: the processor time of the thread that
 * makes accounts, beside that of all the server's processes. On cores that have no time left, what
 * it takes is what throughput loses; and processor time differs less from run to run than
 * throughput does, of which a two-hundredth would not be seen. What the engine notes meanwhile is
 * in {@code LedgerCost}.
 */
public final class BlameShare {
  private static final int CLIENTS = 16;
  private static final int FEW_TOKENS = 24;
  private static final int WARM_UP_SECONDS = 30; // until what makes accounts is compiled, too

  private BlameShare() {}

  /**
   * Takes how many seconds to measure (default 40), and how many tokens answers have (default 24: a
   * fixed part of an account is shared by few); runs in the project's directory, built.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 40;
    int tokens = args.length > 1 ? Integer.parseInt(args[1]) : FEW_TOKENS;
    Path model = Path.of("models/serving-demo");
    try (ServeProcess server = ServeProcess.start(Path.of(""), model, "--lifecycle-log=off")) {
      Load load = new Load(server.uri(), server.model(), CLIENTS, tokens);
      load.run(WARM_UP_SECONDS);
      ProcessTimes blame = blame(server);
      ProcessTimes all = server.times();
      int answers = load.run(seconds);
      ProcessTimes mine = blame(server).minus(blame);
      double total = server.times().minus(all).runNanos();
      System.out.printf(
          Locale.ROOT,
          "%d answers of %d tokens, %d at once: %.0f ms of processor time, of which accounts took"
              + " %.0f ms: %.2f %%, %.0f us each, in %.1f turns%n",
          answers,
          tokens,
          CLIENTS,
          total / 1e6,
          mine.runNanos() / 1e6,
          100 * mine.runNanos() / total,
          mine.runNanos() / 1e3 / answers,
          (double) mine.turns() / answers);
    }
  }

  private static ProcessTimes blame(ServeProcess server) throws IOException {
    return ProcessTimes.byThread(server.processes().get("frontend"))
        .getOrDefault("blame", ProcessTimes.ZERO);
  }
}
