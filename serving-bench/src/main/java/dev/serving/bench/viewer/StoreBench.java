package dev.serving.bench.viewer;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sends a million spans to the viewer and, where it is built, to the real Jaeger's memory store,
 * one after the other in processes of their own, and asks both the same questions through Jaeger's
 * API.
 */
public final class StoreBench {
  private static final String USAGE =
      """
      Usage: StoreBench [options]
        --home DIR       the project's directory, where serving-cli is built (default: .)
        --jaeger FILE    the real Jaeger's program, v2; left out where it is not there
                         (default: ~/.cache/serving/backends/bin/jaeger)
        --traces N       traces of 20 spans, a multiple of 25 (default: 50000)
        --runs N         how often all of it is done (default: 3)
        --jvm WORDS      options for the viewer's JVM (default: what ./serving takes, and -Xmx1200m)
      """;
  private static final int SEARCHES = 21;
  private static final int READS = 300;

  private Path home = Path.of(".");
  private Path jaeger =
      Path.of(System.getProperty("user.home"), ".cache", "serving", "backends", "bin", "jaeger");
  private int traces = 50_000;
  private int runs = 3;
  private List<String> jvm = List.of("-Xmx1200m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private StoreBench() {}

  /**
   * Runs it and prints a table.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) throws Exception {
    StoreBench bench = new StoreBench();
    try {
      bench.read(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n" + USAGE);
      System.exit(2);
    }
    bench.run();
  }

  private void read(String[] args) {
    for (int i = 0; i < args.length; i += 2) {
      if (args[i].equals("--help") || i + 1 == args.length) {
        throw new IllegalArgumentException(args[i].equals("--help") ? "" : args[i] + " what?");
      }
      switch (args[i]) {
        case "--home" -> home = Path.of(args[i + 1]);
        case "--jaeger" -> jaeger = Path.of(args[i + 1]);
        case "--traces" -> traces = Integer.parseInt(args[i + 1]);
        case "--runs" -> runs = Integer.parseInt(args[i + 1]);
        case "--jvm" -> jvm = List.of(args[i + 1].split(" "));
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
  }

  private void run() throws Exception {
    System.out.println(
        "program  spans/cpu-s  of them warm  bytes/span sent  live B/span  resident B/span"
            + "  rare ms  1 % ms  one trace p50/p99 ms  services ms  operations ms");
    Path directory = Files.createTempDirectory("store-bench");
    for (int i = 0; i < runs; i++) {
      List<String> room = List.of("--max-spans", "2000000", "--max-bytes", "1000m");
      try (Backend viewer = Backend.viewer(home, jvm, room)) {
        measure(viewer, true);
      }
      if (Files.isExecutable(jaeger)) {
        try (Backend real = Backend.jaeger(jaeger, directory, 2 * traces)) {
          measure(real, false);
        }
      }
    }
  }

  private void measure(Backend backend, boolean isJvm) throws Exception {
    SpanSource source = new SpanSource(traces);
    double before = backend.cpuSeconds();
    double half = 0;
    for (int trace = 0; trace < traces; trace += SpanSource.TRACES_OF_REQUEST) {
      if (trace == traces / 2) {
        half = backend.cpuSeconds();
      }
      backend.send(source.request(trace));
    }
    double all = backend.cpuSeconds();
    long spans = (long) traces * SpanSource.SPANS_OF_TRACE;
    System.out.printf(
        "%-8s %,11.0f %,13.0f %16.0f %12s %16.0f %8.1f %7.1f %14.2f/%.2f %12.2f %14.2f%n",
        backend.name,
        spans / (all - before),
        spans / 2 / (all - half),
        source.bytesOfSpan(spans),
        isJvm ? Long.toString(backend.live() / spans) : "-",
        (double) backend.resident() / spans,
        median(backend, search("needle", "yes"), 1),
        median(backend, search("tier", "gold"), 20),
        reads(backend, 0.5),
        reads(backend, 0.99),
        median(backend, "api/services", 0),
        median(backend, "api/services/" + SpanSource.SERVICE + "/operations", 0));
  }

  private static String search(String key, String value) {
    String tags =
        URLEncoder.encode("{\"%s\":\"%s\"}".formatted(key, value), StandardCharsets.UTF_8);
    return "api/traces?service=" + SpanSource.SERVICE + "&limit=20&tags=" + tags;
  }

  /** The middle of several answers' times in milliseconds; each must have so many traces. */
  private static double median(Backend backend, String path, int found) throws Exception {
    double[] millis = new double[SEARCHES];
    for (int i = 0; i < SEARCHES; i++) {
      long begin = System.nanoTime();
      String answer = backend.get(path);
      millis[i] = (System.nanoTime() - begin) / 1e6;
      int traces = answer.split("\"processes\":", -1).length - 1;
      if (traces != found) {
        throw new IllegalStateException(
            "%s found %d traces, not %d: %s".formatted(backend.name, traces, found, path));
      }
    }
    Arrays.sort(millis);
    return millis[SEARCHES / 2];
  }

  private double reads(Backend backend, double quantile) throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    double[] millis = new double[READS];
    for (int i = 0; i < READS; i++) {
      String path = "api/traces/" + SpanSource.id(random.nextInt(traces));
      long begin = System.nanoTime();
      String answer = backend.get(path);
      millis[i] = (System.nanoTime() - begin) / 1e6;
      if (answer.split("\"spanID\"", -1).length < SpanSource.SPANS_OF_TRACE) {
        throw new IllegalStateException(backend.name + " lost spans: " + path);
      }
    }
    Arrays.sort(millis);
    return millis[(int) (quantile * READS)];
  }
}
