package dev.serving.cli.soak;

import dev.serving.core.frontend.ReadyLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** A server with all its processes, started for a soak. Safe from any thread. */
final class SoakServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String RUN = "/serving-run-";
  private static final String LEDGER_BYTES = "4194304";
  private static final int STOP_SECONDS = 60;
  private static final int CLOSE_SECONDS = 10;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Process process;
  private final URI uri;
  private final String model;

  private SoakServer(Process process, URI uri, String model) {
    this.process = process;
    this.uri = uri;
    this.model = model;
  }

  /**
   * Starts one and waits until it serves.
   *
   * @param serving how the {@code serving} command is started
   * @param receiver where its spans go
   * @param log where its log goes
   */
  static SoakServer start(List<String> serving, URI receiver, Path log) throws IOException {
    List<String> command = new ArrayList<>(serving);
    command.addAll(List.of("serve", "--port", "0", "--tensor-parallel-size", "2"));
    command.addAll(List.of("--trace-enable", "--otlp-traces-endpoint", receiver.toString()));
    command.addAll(List.of("--ledger-bytes", LEDGER_BYTES)); // else it would fill all the time
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end-server"));
    return ReadyLine.awaitIn(process.getInputStream())
        .map(ready -> new SoakServer(process, ready.uri(), ready.model()))
        .orElseThrow(() -> new IOException("the server ended before it was ready; see " + log));
  }

  URI uri() {
    return uri;
  }

  String model() {
    return model;
  }

  Scrape scrape() throws IOException, InterruptedException {
    return Scrape.of(send(request("/metrics").GET()).body());
  }

  boolean isReady() throws IOException, InterruptedException {
    return send(request("/ready").GET()).statusCode() == 200;
  }

  /**
   * Traces requests from now on at this level.
   *
   * @throws IOException when the server does not say that it does
   */
  void level(int level) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        send(
            request("/tracing")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"level\": " + level + "}")));
    if (answer.statusCode() != 200
        || JSON.readTree(answer.body()).path("level").asInt(-1) != level) {
      throw new IOException("PUT /tracing was answered by " + answer.body());
    }
  }

  /** A request to a path of the server. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri.resolve(path)).timeout(PATIENCE);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /**
   * Kills its process that does this.
   *
   * @throws IOException when there is none
   */
  void kill(String role) throws IOException {
    processes()
        .filter(child -> role(child).equals(role))
        .findFirst()
        .orElseThrow(() -> new IOException("there is no " + role + " to be killed"))
        .destroyForcibly();
  }

  /** The frontend and its children, with theirs. */
  Stream<ProcessHandle> processes() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants());
  }

  /** {@code frontend}, {@code engine} or {@code rank}; empty for one that has ended. */
  String role(ProcessHandle one) {
    if (one.pid() == process.pid()) {
      return "frontend";
    }
    try {
      String words = Files.readString(Path.of("/proc", one.pid() + "", "cmdline"));
      String last = words.substring(0, Math.max(0, words.length() - 1)); // it ends by a zero, too
      return last.substring(last.lastIndexOf('\0') + 1);
    } catch (IOException e) {
      return "";
    }
  }

  /** The directory where its files are in shared memory: it holds a lock there. */
  Optional<Path> runDirectory() throws IOException {
    return open(process.toHandle()).stream()
        .filter(file -> file.contains(RUN))
        .map(file -> Path.of(file).getParent())
        .findFirst();
  }

  /** What a process of it has open, as the system names it. */
  List<String> open(ProcessHandle one) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", one.pid() + "", "fd"))) {
      return files.map(SoakServer::target).toList();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // closed just now
    }
  }

  /**
   * Ends it as an operator does.
   *
   * @return its exit code; empty if it had to be killed
   */
  Optional<Integer> terminate() throws InterruptedException {
    process.destroy();
    return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)
        ? Optional.of(process.exitValue())
        : Optional.empty();
  }

  /** Ends whatever of it is still there. */
  @Override
  public void close() {
    List<ProcessHandle> left = processes().toList();
    process.destroy();
    try {
      process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    left.forEach(ProcessHandle::destroyForcibly);
  }

  /**
   * Has each process collect its garbage.
   *
   * @return whether the JDK's tool for it is there; a JRE has none
   */
  boolean collectGarbage() throws InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.exists(jcmd)) {
      return false;
    }
    for (ProcessHandle one : processes().toList()) {
      try {
        new ProcessBuilder(jcmd.toString(), Long.toString(one.pid()), "GC.run")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return true;
  }
}
