package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/** The {@code serving} command on a terminal of its own, as somebody sees it who types. */
final class PseudoTerminal implements AutoCloseable {
  static final String CTRL_C = "\u0003";
  static final String CTRL_D = "\u0004";

  private static final Duration SOON = Duration.ofSeconds(60);

  private final Process process;
  private final StringBuilder shown = new StringBuilder();
  private final Thread reader = new Thread(this::read, "terminal"); // ends when all was read

  private PseudoTerminal(Process process) {
    this.process = process;
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts the command with these arguments; a test without a terminal to be had is skipped. */
  static PseudoTerminal start(String... arguments) throws IOException {
    return startWith("SERVING_THREADS", "1", arguments);
  }

  /** As {@link #start}, with a variable of the environment. */
  static PseudoTerminal startWith(String variable, String value, String... arguments)
      throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "no 'script' here");
    String command =
        ServingProcess.line(List.of(arguments)).stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" ", "exec ", ""));
    ProcessBuilder builder =
        ServingProcess.interruptible(
            List.of("script", "--quiet", "--return", "--command", command, "/dev/null"));
    builder.environment().put("SHELL", "/bin/sh");
    builder.environment().put(variable, value);
    return new PseudoTerminal(builder.redirectErrorStream(true).start());
  }

  private void read() {
    byte[] some = new byte[4096];
    try (InputStream in = process.getInputStream()) {
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        show(new String(some, 0, n, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void show(String text) {
    shown.append(text);
  }

  void type(String keys) throws IOException {
    process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Waits until this has been shown. */
  void awaitShown(String text) {
    await().atMost(SOON).until(() -> shown().contains(text) || !reader.isAlive());
    assertThat(shown()).contains(text);
  }

  /** All that was shown so far, with ends of lines as in files. */
  synchronized String shown() {
    return shown.toString().replace("\r\n", "\n");
  }

  /** The command's processes, and those that it started. */
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  /** Waits until the command has ended and all of it was shown, and returns its exit code. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).as(shown()).isTrue();
    reader.join(SOON.toMillis());
    return process.exitValue();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
