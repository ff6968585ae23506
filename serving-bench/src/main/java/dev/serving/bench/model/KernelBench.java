package dev.serving.bench.model;

import dev.serving.core.model.WeightType;
import dev.serving.core.model.kernel.Bf16Matrix;
import dev.serving.core.model.kernel.Int8Matrix;
import dev.serving.core.model.kernel.Kernels;
import dev.serving.core.model.kernel.PackedMatrix;
import dev.serving.core.model.kernel.PackedRows;
import dev.serving.core.model.kernel.ThreadTeam;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a batch's product with a matrix reaches: with weights in a cache, beside multiply-adds
 * alone, and with weights in memory, beside reading them alone.
 */
public final class KernelBench {
  private static final int COLUMNS = 896;

  /** Weights that two cores' caches hold, and such as none holds. */
  private static final int FEW_ROWS = 480;

  private static final int MANY_ROWS = 1 << 18;
  private static final int[] BATCHES = {1, 2, 3, 4, 6, 8, 12, 16, 64, 256};

  /** Larger batches take so long that where their weights come from no longer matters. */
  private static final int LARGEST_FROM_MEMORY = 16;

  private static final int ROUNDS = 5;

  /** Rounds before these, in which C2 compiles what is not yet. */
  private static final int WARM_UP = 3;

  private static final double FLOP = 2e-9 * COLUMNS;

  private final ThreadTeam team;
  private final Speeds speeds = new Speeds();
  private final PackedRows packed = new PackedRows();
  private final float[] x = new float[BATCHES[BATCHES.length - 1] * COLUMNS];
  private final float[] y = new float[LARGEST_FROM_MEMORY * MANY_ROWS];

  private KernelBench(ThreadTeam team) {
    this.team = team;
    Arrays.fill(x, 0.5f);
  }

  /** Runs in a process with the options of a server's engine; takes the number of threads, or 2. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 2) {
      run(Integer.parseInt(args[0]));
      return;
    }
    String threads = args.length == 0 ? "2" : args[0];
    System.exit(EngineJvm.run(KernelBench.class, threads, "here").inheritIO().start().waitFor());
  }

  private static void run(int threads) {
    try (ThreadTeam team = new ThreadTeam(threads)) {
      KernelBench bench = new KernelBench(team);
      bench.alone();
      for (WeightType type : List.of(WeightType.BF16, WeightType.INT8)) {
        bench.measure(type);
      }
      System.out.printf(
          "%d threads, medians of %d rounds, GFLOP/s where not said%n%s",
          threads, ROUNDS, bench.speeds.table());
    }
  }

  private void alone() {
    MultiplyAdds multiplyAdds = new MultiplyAdds(team);
    MemoryBandwidth memory = new MemoryBandwidth(team);
    for (int i = 0; i < WARM_UP + ROUNDS; i++) {
      double gigaflops = multiplyAdds.flops() / multiplyAdds.pass() / 1e9;
      double gigabytes = memory.bytes() / memory.pass() / 1e9;
      if (i >= WARM_UP) {
        speeds.add("multiply-adds alone", gigaflops);
        speeds.add("memory alone, GB/s", gigabytes);
      }
    }
  }

  private void measure(WeightType type) {
    PackedMatrix few = matrix(type, FEW_ROWS);
    PackedMatrix many = matrix(type, MANY_ROWS);
    if (!Kernels.best().awaitReady(Duration.ofMinutes(2))) {
      throw new IllegalStateException("the kernels were not ready in time");
    }
    Speeds warmUp = new Speeds();
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      for (int batch : BATCHES) {
        String name = String.format(Locale.ROOT, "%s, %3d rows", type, batch);
        measure(name, few, many, batch, round < WARM_UP ? warmUp : speeds);
      }
    }
  }

  private void measure(String name, PackedMatrix few, PackedMatrix many, int batch, Speeds into) {
    int passes = 1 + MANY_ROWS / FEW_ROWS / batch;
    into.add(name + ", cache", batch * FLOP * FEW_ROWS / seconds(few, batch, passes));
    if (batch <= LARGEST_FROM_MEMORY) {
      double seconds = seconds(many, batch, 1);
      into.add(name + ", memory", batch * FLOP * MANY_ROWS / seconds);
      into.add(name + ", memory, GB/s", many.bytes() / seconds / 1e9);
    }
  }

  /** Of one pass. */
  private double seconds(PackedMatrix matrix, int batch, int passes) {
    matrix.multiply(x, batch, y, packed, team);
    long start = System.nanoTime();
    for (int i = 0; i < passes; i++) {
      matrix.multiply(x, batch, y, packed, team);
    }
    return (System.nanoTime() - start) / 1e9 / passes;
  }

  private static PackedMatrix matrix(WeightType type, int rows) {
    RandomRows source = new RandomRows(COLUMNS);
    return type == WeightType.BF16
        ? Bf16Matrix.pack(Kernels.best(), rows, COLUMNS, source)
        : Int8Matrix.pack(Kernels.best(), rows, COLUMNS, source);
  }
}
