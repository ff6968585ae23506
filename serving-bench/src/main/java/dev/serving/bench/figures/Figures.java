package dev.serving.bench.figures;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Runs every benchmark that a document quotes and writes docs/figures.md. */
public final class Figures {
  private static final String HELP =
      """
      Runs the benchmarks that documents quote, one after another, and writes docs/figures.md:
        java -cp serving-bench/target/serving-bench.jar dev.serving.bench.figures.Figures
      --only NAME   this one alone; may be repeated
      --list        print their names and what they measure
      """;
  private static final Path PAGE = Path.of("docs", "figures.md");

  private Figures() {}

  /**
   * Runs from the project's root, all of it about an hour.
   *
   * @param args options; see {@code --help}
   * @throws IOException if a benchmark cannot be started or the page not be written
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
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
        case "--only" -> {
          if (++i == args.length) {
            refuse("--only needs a name");
          }
          names.add(args[i]);
        }
        default -> refuse("there is no " + args[i]);
      }
    }
    System.exit(run(chosen(names)) ? 0 : 1);
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

  private static List<QuotedBenchmark> chosen(List<String> names) {
    List<QuotedBenchmark> chosen =
        QuotedBenchmark.ALL.stream()
            .filter(benchmark -> names.isEmpty() || names.contains(benchmark.name()))
            .toList();
    if (!names.isEmpty() && chosen.size() != names.stream().distinct().count()) {
      refuse("a name is none; --list has them");
    }
    return chosen;
  }

  private static boolean run(List<QuotedBenchmark> benchmarks)
      throws IOException, InterruptedException {
    boolean all = true;
    FiguresPage page = FiguresPage.read(PAGE);
    for (QuotedBenchmark benchmark : benchmarks) {
      String machine = Machine.now();
      System.out.println("== " + benchmark.name() + ": " + benchmark.figure());
      StringBuilder printed = new StringBuilder();
      int code = run(benchmark, printed);
      if (code != 0) {
        all = false;
        printed.append("(ended with exit code ").append(code).append(": a goal was missed)\n");
      }
      page.put(benchmark, machine, LocalDate.now(ZoneOffset.UTC).toString(), printed.toString());
    }
    return all;
  }

  private static int run(QuotedBenchmark benchmark, StringBuilder printed)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(benchmark.words());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(line);
        printed.append(line).append('\n');
      }
    }
    return process.waitFor();
  }
}
