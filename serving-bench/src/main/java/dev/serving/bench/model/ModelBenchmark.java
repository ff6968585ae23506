package dev.serving.bench.model;

import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.WeightType;
import dev.serving.core.model.kernel.Kernels;
import dev.serving.core.model.kernel.ThreadTeam;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decode at batch 1, 8 and 16, prefill of 512 tokens, and loading, on random weights in the shape
 * of Qwen2-0.5B, beside the memory's speed in the same minutes and, where its programs are given,
 * beside llama.cpp.
 *
 * <p>Machines and hours differ, so only ratios within a run mean anything: each round measures
 * everything once, and the table shows medians over the rounds.
 */
public final class ModelBenchmark {
  private static final int CONTEXT = 128;
  private static final int[] BATCHES = {1, 8, 16};
  private static final int PREFILL = 512;

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
    Checkpoint checkpoint = Checkpoint.open(RandomCheckpoint.write(options.directory()));
    LlamaCpp llama = new LlamaCpp(options);
    try (ThreadTeam team = new ThreadTeam(options.threads())) {
      MemoryBandwidth memory = new MemoryBandwidth(team);
      Map<String, ModelRun> runs = load(checkpoint, team);
      for (int round = 0; round < options.rounds(); round++) {
        runs.forEach((name, run) -> ours(name, run, memory));
        llama.measure(speeds);
      }
    }
    System.out.printf(
        "%d threads, medians of %d rounds, tokens/s where not said%n%s",
        options.threads(), options.rounds(), speeds.table());
  }

  private Map<String, ModelRun> load(Checkpoint checkpoint, ThreadTeam team) throws IOException {
    double gigabytes = Files.size(checkpoint.directory().resolve("model.safetensors")) / 1e9;
    Map<String, ModelRun> runs = new LinkedHashMap<>();
    for (WeightType type : options.types()) {
      String name = "ours " + type;
      ModelRun run = new ModelRun(checkpoint, type, team);
      speeds.add(name + ", load s/GB of file", run.loadSeconds() / gigabytes);
      warm(run);
      runs.put(name, run);
    }
    return runs;
  }

  private static void warm(ModelRun run) {
    run.prefill(PREFILL, 1);
    if (!Kernels.best().awaitReady(Duration.ofMinutes(2))) {
      System.err.println("The kernels were not compiled after two minutes.");
    }
    for (int batch : BATCHES) {
      run.decode(batch, CONTEXT, 2);
    }
  }

  private void ours(String name, ModelRun run, MemoryBandwidth memory) {
    double bytes = memory.measure(5);
    speeds.add("memory, GB/s (" + name + ")", bytes / 1e9);
    for (int batch : BATCHES) {
      speeds.add(name + ", batch " + batch, run.decode(batch, CONTEXT, 16));
    }
    double share = 100 * speeds.last(name + ", batch 1") * run.weightBytes() / bytes;
    speeds.add(name + ", batch 1 in % of memory", share);
    speeds.add(name + ", prefill " + PREFILL, run.prefill(PREFILL, 2));
  }
}
