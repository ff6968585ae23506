package dev.serving.bench.viewer;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program that takes OTLP over HTTP and answers as Jaeger does, in a process of its own. */
public final class Backend implements AutoCloseable {
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final String name;
  private final Process process;
  private final URI otlp;
  private final URI api;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Backend(String name, Process process, int otlpPort, int apiPort) {
    this.name = name;
    this.process = process;
    this.otlp = URI.create("http://127.0.0.1:" + otlpPort + "/v1/traces");
    this.api = URI.create("http://127.0.0.1:" + apiPort + "/");
  }

  /** {@code serving viewer} from the built jar, with these words for its JVM and itself. */
  public static Backend viewer(Path home, List<String> jvm, List<String> options) throws Exception {
    int port = freePort();
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(jvm);
    line.addAll(List.of("-jar", home.resolve("serving-cli/target/serving.jar").toString()));
    line.addAll(List.of("viewer", "--port", Integer.toString(port)));
    line.addAll(options);
    return started(new Backend("viewer", start(line), port, port));
  }

  /** The real Jaeger with its memory store, room for so many traces. */
  static Backend jaeger(Path program, Path directory, int traces) throws Exception {
    int otlp = freePort();
    int query = freePort();
    Path config = directory.resolve("jaeger.yaml");
    Files.writeString(config, config(otlp, query, freePort(), traces));
    List<String> line = List.of(program.toString(), "--config", config.toString());
    return started(new Backend("jaeger", start(line), otlp, query));
  }

  private static String config(int otlp, int query, int grpc, int traces) {
    return """
        service:
          extensions: [jaeger_storage, jaeger_query]
          telemetry:
            metrics: {level: none}
            logs: {level: error}
          pipelines:
            traces: {receivers: [otlp], exporters: [jaeger_storage_exporter]}
        extensions:
          jaeger_storage:
            backends:
              main: {memory: {max_traces: %d}}
          jaeger_query:
            storage: {traces: main}
            http: {endpoint: "127.0.0.1:%d"}
            grpc: {endpoint: "127.0.0.1:%d"}
        receivers:
          otlp:
            protocols:
              http: {endpoint: "127.0.0.1:%d"}
        exporters:
          jaeger_storage_exporter: {trace_storage: main}
        """
        .formatted(traces, query, grpc, otlp);
  }

  void send(byte[] request) throws IOException, InterruptedException {
    HttpRequest post =
        HttpRequest.newBuilder(otlp)
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(request))
            .build();
    HttpResponse<String> answer = http.send(post, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(name + " answered " + answer.statusCode() + ": " + answer.body());
    }
  }

  /** Where it takes OTLP over HTTP, without the path. */
  public URI endpoint() {
    return otlp.resolve("/");
  }

  /** What it answers, by its query API. */
  public String get(String path) throws IOException, InterruptedException {
    HttpRequest get = HttpRequest.newBuilder(api.resolve(path)).build();
    HttpResponse<String> answer = http.send(get, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(name + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  /** Processor time since its start, in seconds. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /** Resident memory, in bytes. */
  long resident() throws IOException {
    Matcher found =
        RESIDENT.matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
    return found.find() ? Long.parseLong(found.group(1)) << 10 : 0;
  }

  /** What lives on the heap of a JVM after a collection, in bytes. */
  long live() throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process asked =
        new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.class_histogram").start();
    String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher total = TOTAL.matcher(said);
    return total.find() ? Long.parseLong(total.group(1)) : 0;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  private static Process start(List<String> line) throws IOException {
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return process;
  }

  private static Backend started(Backend backend) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        backend.get("api/services");
        backend.send(new byte[0]);
        return backend;
      } catch (IOException notYet) {
        if (System.nanoTime() > deadline || !backend.process.isAlive()) {
          throw new IOException(backend.name + " did not start", notYet);
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
