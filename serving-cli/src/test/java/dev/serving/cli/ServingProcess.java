package dev.serving.cli;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code serving} command in a process of its own, as a user starts it. */
final class ServingProcess implements AutoCloseable {
  /** The project's root: tests run in the module's directory. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");
  private static final Duration START = Duration.ofMinutes(2);

  /** By this variable every JVM of a server hears what is not on its command line. */
  private static final String JVM = "JDK_JAVA_OPTIONS";

  /**
   * What a server is told unless a test says otherwise. One thread for an engine: two servers at a
   * time are tested on two processors, and more threads would wait for one another by spinning. And
   * no second compiler: most servers here end before its work is of use, which is half of what a
   * start takes of a processor. Engines compute in plain Java then, the same bits.
   */
  private static final Map<String, String> LIGHT =
      Map.of("SERVING_THREADS", "1", JVM, "-XX:TieredStopAtLevel=1");

  /** What undoes the last of it, for tests of many tokens, or of engines as users have them. */
  private static final Map<String, String> COMPILED = Map.of(JVM, "-XX:+TieredCompilation");

  private final Process process;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private URI uri;

  private ServingProcess(Process process) {
    this.process = process;
  }

  /** Starts {@code serving serve} on a free port and waits until it is ready. */
  static ServingProcess serve(String... options) throws Exception {
    return start(serving(options)).ready();
  }

  /** As {@link #serve}, with engines that compile their kernels, as users have them. */
  static ServingProcess serveCompiled(String... options) throws Exception {
    return start(serving(options), Redirect.INHERIT, COMPILED).ready();
  }

  /** As {@link #serve}, with every slice of every request traced to the receiver. */
  static ServingProcess serveTraced(OtlpReceiver receiver, String... options) throws Exception {
    return serve(traced(receiver, options));
  }

  /** Options by which every slice of every request is traced to the receiver, before these. */
  static String[] traced(OtlpReceiver receiver, String... options) {
    List<String> all = new ArrayList<>(List.of("--trace-enable", "--trace-level", "3"));
    all.addAll(List.of("--otlp-traces-endpoint", receiver.uri().toString()));
    all.addAll(List.of(options));
    return all.toArray(String[]::new);
  }

  private static List<String> serving(String... options) {
    List<String> words = new ArrayList<>(List.of("serve", "--port", "0"));
    words.addAll(List.of(options));
    return words;
  }

  private ServingProcess ready() throws Exception {
    uri = awaitAddress().get(START.toSeconds(), TimeUnit.SECONDS);
    return this;
  }

  /** As {@link #serve}, with its log in a file. */
  static ServingProcess serveLogging(Path log, String... options) throws Exception {
    return start(serving(options), Redirect.to(log.toFile())).ready();
  }

  /** As {@link #serve}, with variables of an environment, and its log in a file. */
  static ServingProcess serveWith(Map<String, String> variables, Path log, String... options)
      throws Exception {
    return start(serving(options), Redirect.to(log.toFile()), variables).ready();
  }

  /** As {@link #serveLogging}, started by another program, whose arguments these are. */
  static ServingProcess serveUnder(List<String> program, Path log, String... options)
      throws Exception {
    List<String> line = new ArrayList<>(program);
    line.addAll(line(serving(options)));
    ProcessBuilder builder = light(new ProcessBuilder(line).redirectError(log.toFile()));
    return new ServingProcess(builder.start()).ready();
  }

  /** Starts the command with these arguments. */
  static ServingProcess start(List<String> arguments) throws IOException {
    return start(arguments, Redirect.INHERIT);
  }

  private static ServingProcess start(List<String> arguments, Redirect log) throws IOException {
    return start(arguments, log, Map.of());
  }

  private static ServingProcess start(
      List<String> arguments, Redirect log, Map<String, String> variables) throws IOException {
    ProcessBuilder builder = light(new ProcessBuilder(line(arguments)).redirectError(log));
    builder.environment().putAll(variables);
    return new ServingProcess(builder.start());
  }

  /**
   * As {@link #serveCompiled}, with its log in a file, for clients with one of these keys,
   * separated by commas.
   */
  static ServingProcess serveWithKeys(String keys, Path log, String... options) throws Exception {
    Map<String, String> variables = new HashMap<>(COMPILED);
    variables.put(ServerOptions.KEYS_VARIABLE, keys);
    return start(serving(options), Redirect.to(log.toFile()), variables).ready();
  }

  /** Has a server that is started by this know what servers of tests are told. */
  static ProcessBuilder light(ProcessBuilder builder) {
    builder.environment().putAll(LIGHT);
    return builder;
  }

  /** What is started for a command with these arguments. */
  static List<String> line(List<String> arguments) {
    List<String> line = Installation.command();
    line.addAll(arguments);
    return line;
  }

  /**
   * What hears Ctrl-C: tests that somebody has put into the background ignore it, and so would all
   * that they start.
   */
  static ProcessBuilder interruptible(List<String> line) {
    List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT"));
    words.addAll(line);
    return new ProcessBuilder(words);
  }

  private CompletableFuture<URI> awaitAddress() {
    CompletableFuture<URI> address = new CompletableFuture<>();
    Thread reader = new Thread(() -> readAddress(address), "serving-output");
    reader.setDaemon(true);
    reader.start();
    return address;
  }

  private void readAddress(CompletableFuture<URI> address) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(line);
        said.add(line);
        Matcher matcher = ADDRESS.matcher(line);
        if (matcher.find()) {
          address.complete(URI.create(matcher.group()));
        }
      }
    } catch (IOException e) {
      address.completeExceptionally(e);
    }
    address.completeExceptionally(new IllegalStateException("ended before it was ready"));
  }

  /** Waits for a line that begins so. */
  String said(String beginning) {
    return await()
        .until(
            () -> said.stream().filter(line -> line.startsWith(beginning)).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  URI uri() {
    return uri;
  }

  Process process() {
    return process;
  }

  HttpResponse<String> post(String path, String json) {
    try {
      return client.send(request(path, json), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  String get(String path) {
    HttpRequest request = HttpRequest.newBuilder(uri.resolve(path)).build();
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join().body();
  }

  CompletableFuture<HttpResponse<String>> postAsync(String path, String json) {
    return client.sendAsync(request(path, json), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String path, String json) {
    return HttpRequest.newBuilder(uri.resolve(path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json))
        .build();
  }

  /** Sends SIGTERM and returns the exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still alive 30 s after SIGTERM");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
