package dev.serving.bench.model;

import dev.serving.core.model.WeightType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the benchmark was asked for.
 *
 * @param directory where the random checkpoint is made, and kept for the next run
 * @param types weight types, one after the other
 * @param threads threads of each side
 * @param rounds rounds; each measures everything once, and the table shows medians
 * @param llamaBench llama.cpp's {@code llama-bench}, if it is to be compared with
 * @param llamaBatched llama.cpp's {@code llama-batched-bench}
 * @param ggufs models for it, in the order in which they are to be run
 */
record BenchOptions(
    Path directory,
    List<WeightType> types,
    int threads,
    int rounds,
    Optional<Path> llamaBench,
    Optional<Path> llamaBatched,
    List<Path> ggufs) {
  static final String USAGE =
      """
      Usage: ModelBenchmark [options]
        --directory DIR             for the random checkpoint of 1 GB, made when it is not there
                                    (default: target/qwen2-0.5b-random)
        --types bf16,int8           weight types (bf16, f32, int8)
        --threads N                 threads of each side (default: 2)
        --rounds N                  rounds, whose medians are shown (default: 5)
        --llama-bench FILE          also run llama.cpp's llama-bench
        --llama-batched-bench FILE  and its llama-batched-bench
        --gguf FILE                 a model for them, in the same shape; may be repeated
      """;

  /** Reads the command line. */
  static BenchOptions parse(String[] args) {
    Path directory = Path.of("target", "qwen2-0.5b-random");
    List<WeightType> types = List.of(WeightType.BF16, WeightType.INT8);
    int threads = 2;
    int rounds = 5;
    Path bench = null;
    Path batched = null;
    List<Path> ggufs = new ArrayList<>();
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value\n" + USAGE);
      }
      String value = args[i + 1];
      switch (args[i]) {
        case "--directory" -> directory = Path.of(value);
        case "--types" -> types = types(value);
        case "--threads" -> threads = Integer.parseInt(value);
        case "--rounds" -> rounds = Integer.parseInt(value);
        case "--llama-bench" -> bench = Path.of(value);
        case "--llama-batched-bench" -> batched = Path.of(value);
        case "--gguf" -> ggufs.add(Path.of(value));
        default -> throw new IllegalArgumentException("unknown option " + args[i] + "\n" + USAGE);
      }
    }
    return new BenchOptions(
        directory,
        types,
        threads,
        rounds,
        Optional.ofNullable(bench),
        Optional.ofNullable(batched),
        List.copyOf(ggufs));
  }

  private static List<WeightType> types(String list) {
    List<WeightType> types = new ArrayList<>();
    for (String name : list.split(",", -1)) {
      types.add(WeightType.valueOf(name.toUpperCase(Locale.ROOT)));
    }
    return types;
  }
}
