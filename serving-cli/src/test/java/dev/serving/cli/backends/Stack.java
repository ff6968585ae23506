package dev.serving.cli.backends;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The Collector and Jaeger, with the very files that Compose mounts. Only what the files leave to
 * the environment is different: ports, and where things lie.
 */
final class Stack implements AutoCloseable {
  static final Path FILES =
      Program.ROOT.resolve("examples").resolve("observability").resolve("tracing");

  private final Path traceFile;
  private final int grpc = Program.freePort();
  private final int http = Program.freePort();
  private final Http collectorHealth = Http.at(Program.freePort());
  private final Http jaegerHealth = Http.at(Program.freePort());
  private final Http query = Http.at(Program.freePort());
  private final Program jaeger;
  private final Program collector;

  /** Starts both. The Collector's second file is {@code with}, as COLLECTOR_WITH names it. */
  Stack(Path directory, String with, Map<String, String> more) {
    traceFile = directory.resolve("otel_trace.json");
    String jaegerOtlp = "127.0.0.1:" + Program.freePort();
    jaeger =
        new Program(
            List.of(Program.named("jaeger"), "--config=" + FILES.resolve("jaeger/jaeger.yaml")),
            Map.of(
                "HEALTH_ENDPOINT",
                jaegerHealth.base().getAuthority(),
                "QUERY_HTTP_ENDPOINT",
                query.base().getAuthority(),
                "QUERY_GRPC_ENDPOINT",
                "127.0.0.1:" + Program.freePort(),
                "GRPC_ENDPOINT",
                jaegerOtlp),
            directory.resolve("jaeger.log"));
    Map<String, String> environment = new HashMap<>(more);
    environment.put("HEALTH_ENDPOINT", collectorHealth.base().getAuthority());
    environment.put("GRPC_ENDPOINT", "127.0.0.1:" + grpc);
    environment.put("HTTP_ENDPOINT", "127.0.0.1:" + http);
    environment.put("QUEUE_DIRECTORY", directory.resolve("queue").toString());
    environment.put("TRACE_FILE", traceFile.toString());
    environment.put("JAEGER_ENDPOINT", jaegerOtlp);
    collector =
        new Program(collectorCommand(with), environment, directory.resolve("collector.log"));
    awaitReady();
  }

  /** The command as Compose has it. */
  static List<String> collectorCommand(String with) {
    return List.of(
        Program.named("otelcol"), "--config=" + overlay("collector"), "--config=" + overlay(with));
  }

  static Path overlay(String name) {
    return FILES.resolve("collector").resolve(name + ".yaml");
  }

  void awaitReady() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> jaegerHealth.answers("status") && query.answers("api/services"));
    await().atMost(Duration.ofSeconds(60)).until(() -> collectorHealth.answers(""));
  }

  Program jaeger() {
    return jaeger;
  }

  Program collector() {
    return collector;
  }

  /** Jaeger's own page and API. */
  Http query() {
    return query;
  }

  String endpoint(boolean overHttp, boolean tls) {
    return (tls ? "https" : "http") + "://localhost:" + (overHttp ? http : grpc);
  }

  /** Every span in the Collector's file, as often as it stands there. */
  List<SentSpan> file() {
    try {
      if (!Files.exists(traceFile)) {
        return List.of();
      }
      return lines().stream().map(Http::parse).flatMap(line -> SentSpan.of(line).stream()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file's whole lines; what was cut by a kill is no line. */
  List<String> lines() throws IOException {
    return Files.readAllLines(traceFile).stream().filter(Stack::isWhole).toList();
  }

  private static boolean isWhole(String line) {
    try {
      Http.parse(line);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** A trace as Jaeger's API v3 gives it back; empty if it has none. */
  List<SentSpan> inJaeger(String traceId) {
    JsonNode answer = query.json("api/v3/traces/" + traceId);
    return SentSpan.of(answer.path("result"));
  }

  @Override
  public void close() {
    collector.close();
    jaeger.close();
  }
}
