package dev.serving.bench.figures;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A benchmark in a process of its own: what it prints is shown while it runs, and kept. */
final class BenchmarkProcess {
  private static final int LAST_ERRORS = 5;

  private final StringBuilder printed = new StringBuilder();
  private final Deque<String> errors = new ArrayDeque<>();
  private int code;

  /** Runs it. Whatever it may be waiting for, it is ended after so long, with its children. */
  static BenchmarkProcess run(List<String> words, Duration most)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(words);
    BenchmarkProcess benchmark = new BenchmarkProcess();
    benchmark.await(new ProcessBuilder(command).start(), most);
    return benchmark;
  }

  private void await(Process process, Duration most) throws InterruptedException {
    Thread output = reader(process.getInputStream(), System.out, this::print);
    Thread error = reader(process.getErrorStream(), System.err, this::keep);
    if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      keep("ended after %d minutes".formatted(most.toMinutes()));
    }
    output.join();
    error.join();
    code = process.exitValue();
  }

  private void print(String line) {
    printed.append(line).append('\n');
  }

  private synchronized void keep(String line) {
    errors.add(line);
    if (errors.size() > LAST_ERRORS) {
      errors.remove();
    }
  }

  private static Thread reader(InputStream stream, PrintStream shown, Consumer<String> kept) {
    Thread thread =
        new Thread(
            () ->
                new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))
                    .lines()
                    .peek(kept)
                    .forEach(shown::println));
    thread.start();
    return thread;
  }

  boolean succeeded() {
    return code == 0;
  }

  /** What it printed; of one that missed a goal or failed, also that, and what it said last. */
  String printed() {
    return succeeded()
        ? printed.toString()
        : printed
            + "(ended with exit code %d: a goal was missed, or it failed)\n".formatted(code)
            + String.join("\n", errors);
  }
}
