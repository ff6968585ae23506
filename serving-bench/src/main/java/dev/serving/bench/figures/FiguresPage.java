package dev.serving.bench.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code docs/figures.md}: a section for each benchmark; those that were not run stay. */
final class FiguresPage {
  private static final String TITLE =
      """
      # Figures

      What the benchmarks printed that documents quote, written by

          java -cp serving-bench/target/serving-bench.jar dev.serving.bench.figures.Figures

      (`--only NAME` runs one, `--list` names them, `--quick` is a first look). "Load before" is the machine's load average when
      a benchmark began: figures with others at work are worth little, the ratios within one run more.
      """;
  private static final Pattern SECTION =
      Pattern.compile("^## (\\S+)\\n.*?(?=^## \\S+\n|\\z)", Pattern.MULTILINE | Pattern.DOTALL);

  /** JMH's account of each iteration, before its table. */
  private static final Pattern ITERATIONS =
      Pattern.compile("(?ms)^# JMH version.*?^(?=Benchmark +Mode)");

  private final Path file;
  private final Map<String, String> sections = new LinkedHashMap<>();

  private FiguresPage(Path file) {
    this.file = file;
  }

  /** The page as it is, or an empty one. */
  static FiguresPage read(Path file) throws IOException {
    FiguresPage page = new FiguresPage(file);
    if (Files.exists(file)) {
      Matcher section = SECTION.matcher(Files.readString(file));
      while (section.find()) {
        page.sections.put(section.group(1), section.group().strip());
      }
    }
    return page;
  }

  /** Puts a benchmark's section in the place of an earlier one, and writes the page. */
  void put(QuotedBenchmark benchmark, String machine, String date, String printed)
      throws IOException {
    sections.put(
        benchmark.name(),
        """
        ## %s

        | | |
        |---|---|
        | figure | %s |
        | command | `java %s` |
        | machine | %s |
        | date | %s |
        | compared with | %s |

        ```
        %s
        ```"""
            .formatted(
                benchmark.name(),
                benchmark.figure(),
                String.join(" ", benchmark.words()),
                machine,
                date,
                benchmark.comparedWith(),
                ITERATIONS.matcher(printed).replaceAll("").strip()));
    write();
  }

  private void write() throws IOException {
    StringBuilder page = new StringBuilder(TITLE);
    for (QuotedBenchmark benchmark : QuotedBenchmark.ALL) {
      String section = sections.get(benchmark.name());
      page.append('\n').append(section == null ? notRun(benchmark) : section).append('\n');
    }
    Files.writeString(file, page);
  }

  private static String notRun(QuotedBenchmark benchmark) {
    return "## %s\n\n%s: not run yet by this command."
        .formatted(benchmark.name(), benchmark.figure());
  }
}
