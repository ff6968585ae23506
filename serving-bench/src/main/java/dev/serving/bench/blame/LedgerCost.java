package dev.serving.bench.blame;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link LedgerBenchmark} and {@link AccountBenchmark}, and counts the garbage they make. */
public final class LedgerCost {
  private LedgerCost() {}

  /** Takes no arguments. */
  public static void main(String[] args) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(LedgerBenchmark.class.getName())
                .include(AccountBenchmark.class.getName())
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }
}
