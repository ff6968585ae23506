package dev.serving.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * This shows what a load leaves that is ended by Ctrl-C: a process of its own, and real signals.
 */
final class BenchInterruptionTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static ServingProcess server;

  @TempDir private Path directory;
  private Process bench;

  @BeforeAll
  static void serve() throws Exception {
    server = ServingProcess.serveCompiled();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @AfterEach
  void endTheLoad() {
    bench.destroyForcibly(); // it would go on for an hour where a test fails
  }

  /** It would go on for an hour; a second server would come after it. */
  @Test
  void whatWasMeasuredIsReportedAsPartial() throws Exception {
    Path page = directory.resolve("load.html");
    String twice = server.uri() + "," + server.uri();
    start("--url", twice, "--json", "--page", page.toString());
    signal(bench);
    assertThat(bench.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(bench.exitValue()).isEqualTo(130);
    List<String> lines = new String(bench.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(lines).hasSize(1);
    JsonNode result = JsonMapper.shared().readTree(lines.get(0));
    assertThat(result.path("partial").asBoolean()).isTrue();
    assertThat(result.path("completed").asInt()).isPositive();
    assertThat(result.path("open_at_end").asInt()).isBetween(1, 4);
    assertThat(result.path("failed").asInt()).isZero();
    assertThat(Files.readString(page)).contains("(partial)</h2>", "PARTIAL: ended before its time");
    assertThat(errors(bench)).isEqualTo("serving: ended; 0 of 2 loads came to their end\n");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(server.get("/metrics")).contains("serving_requests_open 0.0"));
  }

  /** The page is a pipe that nobody reads: the first signal has it wait for a reader. */
  @Test
  void aSecondSignalEndsAtOnce() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    start("--url", server.uri().toString(), "--page", pipe.toString());
    signal(bench);
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              signal(bench);
              return !bench.isAlive();
            });
    assertThat(bench.exitValue()).isEqualTo(130);
    assertThat(errors(bench)).contains("a second signal: ending at once");
  }

  private void start(String... options) throws IOException {
    double before = finished();
    List<String> words = new ArrayList<>(List.of("bench", "--duration", "1h"));
    words.addAll(List.of("--num-prompts", "9999999", "--max-concurrency", "4"));
    words.addAll(List.of("--output-len", "20", "--input-len", "20"));
    words.addAll(List.of(options));
    bench = ServingProcess.interruptible(ServingProcess.line(words)).start();
    await().atMost(SOON).until(() -> finished() >= before + 12);
  }

  private static double finished() {
    return server
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith("serving_requests_finished_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static void signal(Process process) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  private static String errors(Process process) throws IOException {
    return new String(process.getErrorStream().readAllBytes(), UTF_8);
  }
}
