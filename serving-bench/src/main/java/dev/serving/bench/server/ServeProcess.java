package dev.serving.bench.server;

import dev.serving.core.frontend.ReadyLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code serving serve} from the built jars, with all its processes, as an operator starts it. */
public final class ServeProcess implements AutoCloseable {
  /** What this process is called among {@link #processes}. */
  static final String OUTSIDE = "clients, receiver";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final String model;
  private final URI uri;

  private ServeProcess(Process process, String model, URI uri) {
    this.process = process;
    this.model = model;
    this.uri = uri;
  }

  /** Starts it with tracing on, everything sampled, and waits until it serves. */
  static ServeProcess traced(Path home, Path model, String receiver) throws IOException {
    return start(
        home,
        model,
        "--trace-enable",
        "--trace-sample-ratio=1",
        "--otlp-traces-endpoint=" + receiver);
  }

  /** Starts it with these options besides, and waits until it serves. */
  public static ServeProcess start(Path home, Path model, String... options) throws IOException {
    return start(home, model, List.of(), options);
  }

  /** As before, with these options for the JVM of its frontend. */
  public static ServeProcess start(Path home, Path model, List<String> jvm, String... options)
      throws IOException {
    Path jar = home.resolve("serving-cli/target/serving.jar");
    if (!Files.exists(jar)) {
      throw new IOException(jar + " is missing; build it: mvn -q package -DskipTests");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(List.of("--add-modules=jdk.incubator.vector", "-jar", jar.toString(), "serve"));
    command.addAll(List.of("--port=0", "--model=" + model));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // if this one is ended
    return awaitReady(process);
  }

  private static ServeProcess awaitReady(Process process) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.append(line).append('\n');
      Optional<ReadyLine> ready = ReadyLine.in(line);
      if (ready.isPresent()) {
        drain(lines);
        return new ServeProcess(process, ready.get().model(), ready.get().uri());
      }
    }
    throw new IOException("the server ended before it was ready:\n" + said);
  }

  /** A pipe that nobody reads would hold the server up. */
  private static void drain(BufferedReader lines) {
    Thread thread = new Thread(() -> lines.lines().forEach(line -> {}), "server-log");
    thread.setDaemon(true);
    thread.start();
  }

  /** Where it serves. */
  public URI uri() {
    return uri;
  }

  /** The name of what it serves. */
  public String model() {
    return model;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The process of its only engine. */
  ProcessHandle engine() {
    return process.children().findFirst().orElseThrow();
  }

  /** The sum of what a scrape holds under this name, whatever its labels. */
  double metric(String name) {
    HttpRequest request = HttpRequest.newBuilder(uri.resolve("/metrics")).build();
    return client
        .sendAsync(request, BodyHandlers.ofString())
        .join()
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Of what these requests' time went to, the mean in milliseconds, by cause. */
  Map<String, Double> causes(List<String> requests) throws IOException, InterruptedException {
    Map<String, Double> sum = new TreeMap<>();
    for (String id : requests) {
      URI why = uri.resolve("/blame?request=" + id);
      String said =
          client.send(HttpRequest.newBuilder(why).build(), BodyHandlers.ofString()).body();
      JsonNode causes = JsonMapper.shared().readTree(said).at("/requests/0/total/causes");
      causes.forEachEntry(
          (cause, ns) -> sum.merge(cause, ns.asLong() / 1e6 / requests.size(), Double::sum));
    }
    return sum;
  }

  /** What lives in the frontend's heap. */
  HeapHistogram heap() throws IOException {
    return HeapHistogram.of(process.pid());
  }

  /** The ids of its processes and of this one, where clients and receivers are, by their names. */
  public Map<String, Long> processes() {
    Map<String, Long> found = new LinkedHashMap<>();
    found.put("frontend", process.pid());
    process.descendants().forEach(child -> found.put(role(child) + " " + child.pid(), child.pid()));
    found.put(OUTSIDE, ProcessHandle.current().pid());
    return found;
  }

  /** What its processes have taken of the machine so far. */
  ProcessTimes times() throws IOException {
    ProcessTimes sum = ProcessTimes.ZERO;
    for (long pid : pids()) {
      sum = sum.plus(ProcessTimes.of(pid));
    }
    return sum;
  }

  /** The ids of its own processes. */
  List<Long> pids() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .map(ProcessHandle::pid)
        .toList();
  }

  private static String role(ProcessHandle child) {
    String words = child.info().commandLine().orElse("");
    return words.contains(" rank") ? "rank" : words.contains(" engine") ? "engine" : "other";
  }

  /** Traces requests from now on at this level; 0 is off. */
  void level(int level) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri.resolve("/tracing"))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString("{\"level\": " + level + "}"))
            .build();
    var response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("PUT /tracing was answered by " + response.body());
    }
  }

  /** Ends it as an operator does, and by force if that takes too long. */
  @Override
  public void close() throws InterruptedException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      children.forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
