package dev.serving.bench.model;

import dev.serving.core.model.WeightType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Decode at batch 1, 8 and 16, prefill of 512 tokens, and loading, on random weights in the shape
 * of Qwen2-0.5B, beside the memory's speed in the same minutes and, where its programs are given,
 * beside llama.cpp.
 *
 * <p>Machines and hours differ, so only ratios within a run mean anything: each round measures
 * everything once, and the table shows medians over the rounds.
 */
public final class ModelBenchmark {
  private final BenchOptions options;
  private final Speeds speeds = new Speeds();

  private ModelBenchmark(BenchOptions options) {
    this.options = options;
  }

  /** Runs with the options that {@code --help} lists. */
  public static void main(String[] args) throws IOException, InterruptedException {
    BenchOptions options;
    try {
      options = BenchOptions.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    new ModelBenchmark(options).run();
  }

  private void run() throws IOException, InterruptedException {
    Path checkpoint = RandomCheckpoint.write(options.directory());
    LlamaCpp llama = new LlamaCpp(options);
    List<TypeProcess> types = new ArrayList<>();
    try {
      for (WeightType type : options.types()) {
        TypeProcess process = new TypeProcess(checkpoint, type, options.threads());
        types.add(process);
        process.await(speeds);
      }
      for (int round = 1; round <= options.rounds(); round++) {
        for (TypeProcess type : types) {
          type.measure(speeds);
        }
        llama.measure(speeds);
        System.err.printf("round %d of %d%n", round, options.rounds());
      }
    } finally {
      for (TypeProcess type : types) {
        type.close();
      }
    }
    System.out.printf(
        "%d threads, medians of %d rounds, tokens/s where not said%n%s",
        options.threads(), options.rounds(), speeds.table());
  }
}
