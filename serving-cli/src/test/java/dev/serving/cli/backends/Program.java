package dev.serving.cli.backends;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that a test started and can kill and start again; its log is a file. */
final class Program implements AutoCloseable {
  /** The project's root: tests run in the module's directory. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Where {@code tools/backends/get.sh} puts the programs. */
  static final Path BIN = cache().resolve("bin");

  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private Process process;

  Program(List<String> command, Map<String, String> environment, Path log) {
    this.command = command;
    this.environment = environment;
    this.log = log;
    start();
  }

  private static Path cache() {
    String own = System.getenv("SERVING_BACKENDS");
    if (own != null) {
      return Path.of(own);
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path caches = xdg == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
    return caches.resolve("serving").resolve("backends");
  }

  /** Its address as a command. */
  static String named(String name) {
    File file = BIN.resolve(name).toFile();
    if (!file.canExecute()) {
      throw new IllegalStateException(file + " is not there: run tools/backends/get.sh");
    }
    return file.toString();
  }

  /** Runs a program to its end; what it printed, on either stream. */
  static Output run(List<String> command, Map<String, String> environment, Path input) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      if (input != null) {
        builder.redirectInput(input.toFile());
      }
      Process process = builder.start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Output(process.waitFor(), text.trim());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  record Output(int exitCode, String text) {}

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start() {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      process = builder.redirectOutput(Redirect.appendTo(log.toFile())).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL: no chance to write anything. */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM. */
  void stop() {
    process.destroy();
    awaitEnd();
  }

  private void awaitEnd() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> process.waitFor(1, TimeUnit.SECONDS) && !process.isAlive());
  }

  Process process() {
    return process;
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
