package dev.serving.cli;

import dev.serving.cli.load.Benchmark;
import dev.serving.cli.load.LoadConfig;
import dev.serving.cli.load.LoadResult;
import dev.serving.cli.load.ReportJson;
import dev.serving.cli.load.ReportPage;
import dev.serving.cli.load.ReportText;
import dev.serving.cli.load.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts load on a server and measures it. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    defaultValueProvider = Settings.class,
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      Exits.DONE,
      "1:nothing was answered, or a soak found a fault",
      Exits.WRONG,
      Exits.CUT + ", and has printed what it had"
    },
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Put load on a server that speaks OpenAI's API, and measure it:",
      "",
      "  serving bench --max-concurrency 16             always 16 requests at a time",
      "  serving bench --request-rate 20 --duration 1m  20 a second, at random times",
      "",
      "TTFT is the time to the first token, TPOT the mean time of a token after it, ITL the time",
      "between two, E2EL the whole, all as the client sees them."
    },
    footer = {
      "",
      "Each option is also a variable, SERVING_BENCH_SEED for --seed, and a line",
      "of the file, seed: 7. A flag goes before a variable, that before the file."
    })
final class BenchCommand implements Callable<Integer> {
  @Mixin private TargetOptions target;
  @Mixin private LoadOptions load;

  @Option(
      names = "--num-warmups",
      paramLabel = "N",
      description = "Requests before, not counted (default: ${DEFAULT-VALUE}).")
  private int warmups;

  @Option(names = "--json", description = "Print results as JSON, a line for each server.")
  private boolean json;

  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "Write a page with plots of latency over time.")
  private Path page;

  @Option(
      names = "--soak",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description =
          "Instead: start a server, put load on it for so long, such as 30m, with clients that"
              + " leave and that ask wrongly, kill its ranks and engines, restart what takes its"
              + " spans, change its level; then look whether anything is lost or left. Linux.")
  private Duration soak;

  @Mixin
  @SuppressWarnings("unused") // Settings asks for it
  private ConfigFile file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    LoadConfig config = load.config();
    Numbers.atLeast(0, "--num-warmups", warmups);
    if (soak != null) {
      return new SoakRun(spec, target, config, json || page != null).run(soak);
    }
    List<Target> targets = target.targets();
    checkPage();
    try (Interruption interruption = Interruption.ofThisThread()) {
      List<LoadResult> results = new ArrayList<>();
      boolean all = measure(targets, config, results);
      writePage(results);
      if (interruption.exitCode() != 0) {
        sayWhatIsMissing(targets, results);
        return interruption.exitCode();
      }
      return all ? 0 : 1;
    }
  }

  private void sayWhatIsMissing(List<Target> targets, List<LoadResult> results) {
    long whole = results.stream().filter(result -> !result.isPartial()).count();
    PrintWriter err = spec.commandLine().getErr();
    err.printf("serving: ended; %d of %d loads came to their end%n", whole, targets.size());
    err.flush();
  }

  /**
   * Measures one after another, until all are or this thread is interrupted.
   *
   * @param results gets each result when it has been printed
   * @return whether each has answered something
   */
  private boolean measure(List<Target> targets, LoadConfig config, List<LoadResult> results) {
    try {
      List<Benchmark> benchmarks = new ArrayList<>();
      for (Target one : targets) {
        benchmarks.add(Benchmark.prepare(one, config));
      }
      for (Benchmark benchmark : benchmarks) {
        results.add(run(benchmark));
        print(results.get(results.size() - 1), results.size() > 1);
        if (Thread.interrupted() || results.get(results.size() - 1).isPartial()) {
          break;
        }
      }
    } catch (InterruptedException e) {
      // What there is is still to be written.
    }
    return results.stream().allMatch(result -> result.completed() > 0);
  }

  /** Before a load that may take long. */
  private void checkPage() {
    if (page == null) {
      return;
    }
    Path place = page.toAbsolutePath().getParent();
    if (!Files.isDirectory(place)) {
      throw new IllegalArgumentException("--page " + page + ": there is no such directory");
    }
    if (Files.isDirectory(page) || !Files.isWritable(Files.exists(page) ? page : place)) {
      throw new IllegalArgumentException("--page " + page + " cannot be written");
    }
  }

  private LoadResult run(Benchmark benchmark) throws InterruptedException {
    benchmark.warmUp(warmups);
    PrintWriter terminal = Terminal.watchesErrors() ? spec.commandLine().getErr() : null;
    try (ProgressLine progress = new ProgressLine(terminal)) {
      return benchmark.run(progress);
    }
  }

  private void print(LoadResult result, boolean another) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(ReportJson.of(result));
    } else {
      out.print((another ? System.lineSeparator() : "") + ReportText.of(result));
    }
    out.flush();
  }

  private void writePage(List<LoadResult> results) {
    if (page != null && !results.isEmpty()) {
      try {
        Files.writeString(page, ReportPage.of(results));
      } catch (IOException e) {
        throw new UncheckedIOException("--page " + page + " cannot be written", e);
      }
    }
  }
}
