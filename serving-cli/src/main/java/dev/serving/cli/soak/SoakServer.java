package dev.serving.cli.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server with all its processes, started for a soak. Safe from any thread. */
final class SoakServer implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("Serving (\\S+) at (http\\S+)");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String RUN = "/serving-run-";
  private static final int STOP_SECONDS = 60;

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
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end-server"));
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        return new SoakServer(process, URI.create(ready.group(2)), ready.group(1));
      }
    }
    throw new IOException("the server ended before it was ready; see " + log);
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

  /** Traces requests from now on at this level. */
  void level(int level) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        send(
            request("/tracing")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"level\": " + level + "}")));
    if (answer.statusCode() != 200) {
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

  /** Kills its process that does this, if there is one now. */
  void kill(String role) {
    processes().filter(child -> role(child).equals(role)).findFirst().ifPresent(SoakServer::kill);
  }

  private static void kill(ProcessHandle child) {
    child.destroyForcibly();
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
    try (Stream<Path> files = Files.list(Path.of("/proc", process.pid() + "", "fd"))) {
      return files
          .map(SoakServer::target)
          .filter(file -> file.getParent() != null && file.toString().contains(RUN))
          .map(Path::getParent)
          .findFirst();
    }
  }

  private static Path target(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException e) {
      return link; // closed just now
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
    left.forEach(ProcessHandle::destroyForcibly);
  }

  /** Has each process collect its garbage, where the JDK's tool for it is there. */
  void collectGarbage() throws InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.exists(jcmd)) {
      return;
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
  }
}
