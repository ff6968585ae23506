package dev.serving.bench.server;

import dev.serving.bench.model.RandomCheckpoint;
import dev.serving.bench.model.RandomTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What splitting a model over two rank processes costs: one server with one rank of two threads and
 * one with two ranks of one thread, asked in turn, on random weights in the shape of Qwen2-0.5B.
 */
public final class TensorParallelCost {
  private static final int WARM_UP_ROUNDS = 5;
  private static final int CLIENTS = 8;
  private static final int TOKENS = 48;
  private static final double GOAL = 0.9;
  private static final String USAGE =
      """
      Usage: TensorParallelCost [ROUNDS [DIR]]
        ROUNDS  how often both are asked (default: 15)
        DIR     for the random checkpoint of 1 GB, made when it is not there
                (default: target/qwen2-0.5b-random)
      Run it in the project's directory, built.
      """;

  private TensorParallelCost() {}

  /** Runs as the usage says. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 2 || (args.length > 0 && !args[0].matches("[1-9]\\d{0,4}"))) {
      System.err.print(USAGE);
      System.exit(2);
      return;
    }
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 15;
    Path model = Path.of(args.length > 1 ? args[1] : "target/qwen2-0.5b-random");
    RandomTokenizer.write(RandomCheckpoint.write(model));
    Path home = Path.of("");
    try (ServeProcess whole = ServeProcess.start(home, model, "--threads=2");
        ServeProcess split =
            ServeProcess.start(home, model, "--tensor-parallel-size=2", "--threads=1")) {
      measure(load(whole), load(split), rounds);
    }
  }

  private static Load load(ServeProcess server) {
    return new Load(server.uri(), server.model(), CLIENTS, TOKENS);
  }

  private static void measure(Load whole, Load split, int rounds) throws IOException {
    double[] ratios = new double[rounds];
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      double one = whole.run();
      double two = split.run();
      if (round >= 0) {
        ratios[round] = two / one;
        System.out.printf(Locale.ROOT, "TP 1 %7.1f   TP 2 %7.1f tokens/s%n", one, two);
      }
    }
    Arrays.sort(ratios);
    double median = ratios[rounds / 2];
    System.out.printf(
        Locale.ROOT,
        "%d clients: TP 2 reaches %.3f of TP 1 (median of %d; %.3f to %.3f), goal %.2f: %s%n",
        CLIENTS,
        median,
        rounds,
        ratios[0],
        ratios[rounds - 1],
        GOAL,
        median >= GOAL ? "reached" : "missed");
  }
}
