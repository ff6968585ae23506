package dev.serving.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This shows that what documents quote is run, and that a page keeps what was not run again. */
final class QuotedBenchmarkTest {
  private static final Pattern CLASS =
      Pattern.compile("dev\\.serving\\.bench\\.[a-z]+\\.[A-Z]\\w+");

  @Test
  void everyBenchmarkThatADocumentQuotesIsRun() throws IOException {
    Set<String> quoted = new TreeSet<>();
    for (Path document : documents()) {
      Matcher name = CLASS.matcher(Files.readString(document));
      while (name.find()) {
        quoted.add(name.group());
      }
    }
    quoted.remove(Figures.class.getName());
    Set<String> run =
        QuotedBenchmark.ALL.stream().map(QuotedBenchmark::main).collect(Collectors.toSet());
    assertThat(run).containsExactlyInAnyOrderElementsOf(quoted);
  }

  @Test
  void eachIsAProgram() throws Exception {
    for (QuotedBenchmark benchmark : QuotedBenchmark.ALL) {
      assertThat(Class.forName(benchmark.main()).getMethod("main", String[].class)).isNotNull();
    }
  }

  @Test
  void aPageKeepsWhatWasNotRunAgain(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("figures.md");
    QuotedBenchmark first = QuotedBenchmark.ALL.get(0);
    QuotedBenchmark second = QuotedBenchmark.ALL.get(1);
    FiguresPage.read(file).put(first, "a machine", "2026-01-02", "## no heading\n17 ms");
    FiguresPage.read(file).put(second, "another", "2026-01-03", "23 ns");
    FiguresPage.read(file).put(second, "another", "2026-01-04", "24 ns");
    assertThat(Files.readString(file))
        .contains("17 ms", "24 ns", "2026-01-02", "java -cp")
        .doesNotContain("23 ns");
  }

  /** The next one runs, and the page tells what went wrong. */
  @Test
  void oneThatFailsSaysWhyAndOneThatHangsIsEnded() throws Exception {
    Duration most = Duration.ofMinutes(1);
    assertThat(BenchmarkProcess.run(List.of("--version"), most).succeeded()).isTrue();
    BenchmarkProcess failed = BenchmarkProcess.run(List.of("-cp", "nowhere", "NoSuch"), most);
    assertThat(failed.succeeded()).isFalse();
    assertThat(failed.printed()).contains("ended with exit code 1", "NoSuch");
    List<String> hanging =
        List.of("-cp", System.getProperty("java.class.path"), Hanging.class.getName());
    BenchmarkProcess ended = BenchmarkProcess.run(hanging, Duration.ofSeconds(3));
    assertThat(ended.succeeded()).isFalse();
    assertThat(ended.printed()).contains("ended after");
  }

  /** A benchmark that waits for ever. */
  static final class Hanging {
    private Hanging() {}

    /** Never returns. */
    public static void main(String[] args) throws InterruptedException {
      new CountDownLatch(1).await();
    }
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."), 3)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> !file.endsWith("docs/figures.md")) // it tells, and quotes nothing
          .toList();
    }
  }
}
