package dev.serving.bench.trace;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs {@link SliceBenchmark} at one and two threads and prints one table with ratios. */
public final class SliceCost {
  private static final String HELP =
      """
      What a slice costs on the thread that makes it: off, on, and through a raw OpenTelemetry SDK.
        java -cp serving-bench/target/serving-bench.jar dev.serving.bench.trace.SliceCost [--quick]
      --quick   one fork of short iterations, for a first look
      Goals: off at most 1 ns over the empty loop and 0 bytes; on at most half of the raw SDK.
      """;

  private SliceCost() {}

  /**
   * Runs all of it, about three minutes.
   *
   * @param args {@code --quick} or {@code --help}
   * @throws RunnerException if JMH cannot run
   */
  public static void main(String[] args) throws RunnerException {
    List<String> options = List.of(args);
    if (options.contains("--help")) {
      System.out.print(HELP);
      return;
    }
    List<String> tables = new ArrayList<>();
    for (int threads = 1; threads <= 2; threads++) {
      tables.add(table(threads, run(threads, options.contains("--quick"))));
    }
    System.out.printf("%nA slice with 3 attributes, a link and a shared clock read%n");
    tables.forEach(System.out::print);
  }

  private static Collection<RunResult> run(int threads, boolean quick) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include(SliceBenchmark.class.getName())
        .threads(threads)
        .addProfiler(GCProfiler.class)
        .jvmArgs("-Xms2g", "-Xmx2g");
    if (quick) {
      options
          .forks(1)
          .warmupIterations(3)
          .warmupTime(TimeValue.seconds(1))
          .measurementIterations(3)
          .measurementTime(TimeValue.seconds(1));
    }
    return new Runner(options.build()).run();
  }

  private static String table(int threads, Collection<RunResult> results) {
    Map<String, double[]> costs = new TreeMap<>();
    for (RunResult result : results) {
      String name = result.getPrimaryResult().getLabel();
      double bytes =
          result.getSecondaryResults().entrySet().stream()
              .filter(e -> e.getKey().endsWith("gc.alloc.rate.norm"))
              .mapToDouble(e -> e.getValue().getScore())
              .findFirst()
              .orElse(Double.NaN);
      double error = result.getPrimaryResult().getScoreError();
      costs.put(name, new double[] {result.getPrimaryResult().getScore(), bytes, error});
    }
    double[] raw = costs.get("rawSpan");
    StringBuilder text = new StringBuilder();
    text.append(
        "%n%d thread(s)  %-8s %10s %8s %9s %9s %9s%n"
            .formatted(threads, "", "ns", "+-", "bytes", "x raw ns", "x raw B"));
    for (String name : List.of("empty", "sliceOff", "sliceOn", "rawSpan")) {
      double[] cost = costs.get(name);
      text.append(
          "             %-8s %10.2f %8.2f %9.1f %9.2f %9.2f%n"
              .formatted(name, cost[0], cost[2], cost[1], cost[0] / raw[0], cost[1] / raw[1]));
    }
    return text.toString();
  }
}
