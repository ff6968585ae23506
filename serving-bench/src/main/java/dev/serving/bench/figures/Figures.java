package dev.serving.bench.figures;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Runs every benchmark that a document quotes and writes docs/figures.md. */
public final class Figures {
  private static final String HELP =
      """
      Runs the benchmarks that documents quote, one after another, and writes docs/figures.md.
      Some 25 minutes; needs the project built, and 'ulimit -n 20000' for 'siege'.
        java -cp serving-bench/target/serving-bench.jar dev.serving.bench.figures.Figures
      --only NAME   this one alone; may be repeated
      --quick       each as short as it can be, some 8 minutes, for a first look
      --list        print their names and what they measure
      """;
  private static final Path PAGE = Path.of("docs", "figures.md");
  private static final Duration MOST = Duration.ofMinutes(10);

  private final List<String> names = new ArrayList<>();
  private boolean quick;

  private Figures() {}

  /**
   * Runs from the project's root.
   *
   * @param args options; see {@code --help}
   * @throws IOException if a benchmark cannot be started or the page not be written
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Figures figures = new Figures();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--help" -> {
          System.out.print(HELP);
          return;
        }
        case "--list" -> {
          list();
          return;
        }
        case "--quick" -> figures.quick = true;
        case "--only" -> {
          if (++i == args.length) {
            refuse("--only needs a name");
          }
          figures.names.add(args[i]);
        }
        default -> refuse("there is no " + args[i]);
      }
    }
    System.exit(figures.run() ? 0 : 1);
  }

  private static void refuse(String why) {
    System.err.println("figures: " + why);
    System.err.print(HELP);
    System.exit(2);
  }

  private static void list() {
    QuotedBenchmark.ALL.forEach(
        benchmark -> System.out.printf("%-10s %s%n", benchmark.name(), benchmark.figure()));
  }

  private List<QuotedBenchmark> chosen() {
    List<QuotedBenchmark> chosen =
        QuotedBenchmark.ALL.stream()
            .filter(benchmark -> names.isEmpty() || names.contains(benchmark.name()))
            .map(benchmark -> quick ? benchmark.quick() : benchmark)
            .toList();
    if (!names.isEmpty() && chosen.size() != names.stream().distinct().count()) {
      refuse("a name is none; --list has them");
    }
    return chosen;
  }

  /** One that fails is written down as such, and the next one runs. */
  private boolean run() throws IOException, InterruptedException {
    List<QuotedBenchmark> benchmarks = chosen();
    List<String> failed = new ArrayList<>();
    FiguresPage page = FiguresPage.read(PAGE);
    for (QuotedBenchmark benchmark : benchmarks) {
      String machine = Machine.now();
      System.out.printf(
          "== %d of %d, %s: %s%n",
          benchmarks.indexOf(benchmark) + 1,
          benchmarks.size(),
          benchmark.name(),
          benchmark.figure());
      BenchmarkProcess run = BenchmarkProcess.run(benchmark.words(), MOST);
      if (!run.succeeded()) {
        failed.add(benchmark.name());
      }
      page.put(benchmark, machine, LocalDate.now(ZoneOffset.UTC).toString(), run.printed());
    }
    System.out.println(
        failed.isEmpty() ? "all reached" : "missed a goal or failed: " + String.join(", ", failed));
    return failed.isEmpty();
  }
}
