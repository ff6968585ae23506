package dev.serving.bench.model;

import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.WeightType;
import dev.serving.core.model.kernel.Kernels;
import dev.serving.core.model.kernel.ThreadTeam;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One weight type in a process of its own, as a server has it: with two types in one, the compiler
 * inlines the loops of both where only one is needed, and makes neither fast.
 *
 * <p>Measures one round for each line on standard input, and tells it as lines of name, tab and
 * number, with an empty line at the end.
 */
final class TypeRun {
  private static final int CONTEXT = 128;
  private static final int[] BATCHES = {1, 8, 16};
  private static final int STEPS = 16;
  private static final int PREFILL = 512;
  private static final int PIECE = 16 << 20; // ints

  private final String name;
  private final ModelRun run;
  private final MemoryBandwidth memory;

  private TypeRun(Checkpoint checkpoint, WeightType type, ThreadTeam team) throws IOException {
    name = "ours " + type;
    run = new ModelRun(checkpoint, type, team);
    double gigabytes = Files.size(checkpoint.directory().resolve("model.safetensors")) / 1e9;
    tell("load, s/GB of file", run.loadSeconds() / gigabytes);
    tell("new memory, s/GB", newMemorySeconds(run.weightBytes()) * 1e9 / run.weightBytes());
    warm();
    memory = new MemoryBandwidth(team);
    for (int i = 0; i < STEPS; i++) {
      memory.pass(); // until it is compiled
    }
  }

  /** Runs with the checkpoint's directory, the weight type and the number of threads. */
  public static void main(String[] args) throws IOException {
    Checkpoint checkpoint = Checkpoint.open(Path.of(args[0]));
    BufferedReader asked =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (ThreadTeam team = new ThreadTeam(Integer.parseInt(args[2]))) {
      TypeRun type = new TypeRun(checkpoint, WeightType.valueOf(args[1]), team);
      System.out.println();
      while (asked.readLine() != null) {
        type.round();
        System.out.println();
      }
    }
  }

  /** What the system takes to hand out as much memory as the weights: loading cannot be faster. */
  private static double newMemorySeconds(long bytes) {
    List<int[]> pieces = new ArrayList<>();
    long start = System.nanoTime();
    for (long left = bytes; left > 0; left -= 4L * PIECE) {
      pieces.add(new int[PIECE]);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return seconds * bytes / (4.0 * PIECE * pieces.size());
  }

  private void warm() {
    run.prefill(PREFILL, 1);
    if (!Kernels.best().awaitReady(Duration.ofMinutes(2))) {
      System.err.println("The kernels were not compiled after two minutes.");
    }
    for (int batch : BATCHES) {
      run.decode(batch, CONTEXT, 2);
    }
  }

  private void round() {
    besideMemory();
    for (int batch : BATCHES) {
      if (batch > 1) {
        tell("batch " + batch, run.decode(batch, CONTEXT, STEPS));
      }
    }
    tell("prefill " + PREFILL, run.prefill(PREFILL, 2));
  }

  /**
   * Steps and passes over memory by turns, each step beside the pass before it: what memory gives
   * can double from one to the next.
   */
  private void besideMemory() {
    double[] given = new double[STEPS];
    double[] steps = new double[STEPS];
    double[] shares = new double[STEPS];
    for (int i = 0; i < STEPS; i++) {
      given[i] = memory.bytes() / memory.pass();
      steps[i] = run.step(1, CONTEXT + i);
      shares[i] = run.weightBytes() / steps[i] / given[i];
    }
    tell("memory, GB/s", ModelRun.median(given) / 1e9);
    tell("batch 1", 1 / ModelRun.median(steps));
    tell("batch 1 in % of memory", 100 * ModelRun.median(shares));
  }

  private void tell(String what, double value) {
    System.out.println(name + ", " + what + "\t" + value);
  }
}
