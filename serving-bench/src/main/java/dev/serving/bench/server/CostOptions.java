package dev.serving.bench.server;

import java.nio.file.Path;
import java.util.Set;

/**
 * What the load driver was asked for.
 *
 * @param home the project's directory, where {@code serving-cli} is built
 * @param directory where the random checkpoint is made, and kept for the next run
 * @param clients requests at a time
 * @param tokens tokens of each answer
 * @param seconds how long each model is measured
 * @param models {@value #RANDOM}, {@value #SHIPPED} or both
 */
record CostOptions(
    Path home, Path directory, int clients, int tokens, int seconds, Set<String> models) {
  static final String RANDOM = "random";
  static final String SHIPPED = "shipped";
  static final String USAGE =
      """
      Usage: TracingCost [options]
        --home DIR       the project's directory, built (default: .)
        --directory DIR  for the random checkpoint of 1 GB, made when it is not there
                         (default: target/qwen2-0.5b-random)
        --clients N      requests at a time (default: 8)
        --tokens N       tokens of each answer (default: 24)
        --seconds N      how long each model is measured (default: 200)
        --models NAMES   random, shipped or both, which is random,shipped (default: both)
      """;

  CostOptions {
    models = Set.copyOf(models);
    if (!Set.of(RANDOM, SHIPPED).containsAll(models)) {
      throw new IllegalArgumentException("there are no models " + models + "\n" + USAGE);
    }
    if (clients < 1 || tokens < 2 || seconds < 1) {
      throw new IllegalArgumentException(
          "needs at least one client, two tokens and a second\n" + USAGE);
    }
  }

  /** Reads the command line. */
  static CostOptions parse(String[] args) {
    Path home = Path.of(".");
    Path directory = Path.of("target", "qwen2-0.5b-random");
    int clients = 8;
    int tokens = 24;
    int seconds = 200;
    Set<String> models = Set.of(RANDOM, SHIPPED);
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value\n" + USAGE);
      }
      String value = args[i + 1];
      switch (args[i]) {
        case "--home" -> home = Path.of(value);
        case "--directory" -> directory = Path.of(value);
        case "--clients" -> clients = Integer.parseInt(value);
        case "--tokens" -> tokens = Integer.parseInt(value);
        case "--seconds" -> seconds = Integer.parseInt(value);
        case "--models" -> models = Set.of(value.split(",", -1));
        default -> throw new IllegalArgumentException("unknown option " + args[i] + "\n" + USAGE);
      }
    }
    return new CostOptions(home, directory, clients, tokens, seconds, models);
  }
}
