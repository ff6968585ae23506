package dev.serving.cli;

import dev.serving.cli.load.Ticker;
import dev.serving.core.model.Checkpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far this process's children are with reading a model, on a line of the terminal, where it
 * takes more than a second. The kernel counts what each of them has read.
 */
final class LoadingLine implements AutoCloseable {
  private static final long FIRST_MILLIS = 1000;
  private static final String COUNT = "rchar: ";
  private static final double GIGA = 1e9;
  private static final long SMALL = 200_000_000;

  private final String model;
  private final long bytes;
  private final ProgressLine line;
  private final Optional<Ticker> ticker;

  private LoadingLine(String model, long bytes, PrintWriter terminal) {
    this.model = model;
    this.bytes = bytes;
    this.line = new ProgressLine(terminal);
    this.ticker =
        Optional.ofNullable(terminal).map(t -> Ticker.start("loading", FIRST_MILLIS, this::tell));
  }

  /**
   * Begins to look.
   *
   * @param model what each engine has to read, be it one process or its ranks together
   * @param engines how many
   * @param err a writer to standard error, which is left alone unless it is a terminal
   */
  static LoadingLine start(Checkpoint model, int engines, PrintWriter err) {
    String name = model.directory().getFileName().toString();
    long bytes = model.fileBytes() * engines;
    return new LoadingLine(name, bytes, Terminal.watchesErrors() ? err : null);
  }

  private void tell() {
    long read = ProcessHandle.current().descendants().mapToLong(LoadingLine::read).sum();
    line.write(text(model, read, bytes));
  }

  /** What is shown; shorter than any line of a log. */
  static String text(String model, long read, long bytes) {
    String name = String.format(Locale.ROOT, "Loading %.24s", model);
    if (bytes < SMALL) {
      return name + " ..."; // beside this, what a JVM reads at its start would be most of it
    }
    return name
        + (read < bytes
            ? String.format(Locale.ROOT, ": %d %% of %.1f GB", 100 * read / bytes, bytes / GIGA)
            : ": all read, warming up");
  }

  private static long read(ProcessHandle process) {
    Path counts = Path.of("/proc", Long.toString(process.pid()), "io");
    try (Stream<String> lines = Files.lines(counts)) {
      return lines
          .filter(line -> line.startsWith(COUNT))
          .mapToLong(line -> Long.parseLong(line.substring(COUNT.length())))
          .sum();
    } catch (IOException | RuntimeException e) {
      return 0; // it has ended, or this is not Linux
    }
  }

  /** Takes the line away. */
  @Override
  public void close() {
    ticker.ifPresent(Ticker::stop);
    line.close();
  }
}
