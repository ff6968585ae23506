package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of a machine or a setting with which no engine can begin or go on. */
final class StartsTest {
  private static final List<String> SERVE = List.of("serve", "--port", "0");

  /** A file system of its own for shared memory, which only root may make. */
  private static final List<String> SMALL_SHM =
      List.of(
          "unshare",
          "-m",
          "sh",
          "-c",
          "mount -t tmpfs -o size=64k none /dev/shm; exec \"$@\"",
          "-");

  @Test
  void aCacheThatTheHeapCannotHold() throws Exception {
    assertThat(endOf(List.of(), "--kv-cache-bytes", "900000000000"))
        .containsPattern(
            "serving: gives up: engine 0 failed: rank 0: --kv-cache-bytes is 858306 MB and the"
                + " weights leave \\d+ MB of the heap: raise --engine-heap or ask for less")
        .doesNotContain("\tat ");
  }

  @Test
  void aHeapThatIsFullWhileTheModelIsLoaded() throws Exception {
    String said =
        endOf(
            List.of(),
            "--engine-heap=80m",
            "--kv-cache-share=0.99",
            "--max-num-seqs=4096", // or no more than a few sequences need would be taken
            "--max-num-batched-tokens=4096");
    assertThat(said)
        .containsPattern(
            "serving: gives up: engine 0 failed: rank 0: the heap of \\d+ MB is too small for"
                + " weights and KV cache: raise --engine-heap, or lower --kv-cache-share")
        .doesNotContain("\tat ");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void noRoomForTheRanksInSharedMemory() throws Exception {
    assumeTrue(mayMount(), "only who may mount can make shared memory small");
    String said = endOf(SMALL_SHM, "--tensor-parallel-size", "2");
    assertThat(said)
        .contains("serving: gives up: engine 0 failed: the ranks need")
        .contains("of shared memory")
        .doesNotContain("\tat ");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void noRoomForJournals(@TempDir Path directory) throws Exception {
    assumeTrue(mayMount(), "only who may mount can make shared memory small");
    Path log = directory.resolve("log");
    try (OtlpReceiver receiver = new OtlpReceiver();
        ServingProcess serving =
            ServingProcess.serveUnder(
                SMALL_SHM,
                log,
                "--trace-enable",
                "--otlp-traces-endpoint",
                receiver.uri().toString())) {
      assertThat(AnswerStream.of(serving.uri(), 8)).satisfies(StartsTest::isAnswered);
      assertThat(Files.readAllLines(log))
          .filteredOn(line -> line.contains("journal"))
          .hasSize(1)
          .allSatisfy(line -> assertThat(line).contains("WARN").contains("No space left"));
      assertThat(Files.readString(log)).doesNotContain("\tat ");
    }
  }

  private static void isAnswered(AnswerStream stream) {
    await().atMost(Duration.ofSeconds(30)).until(stream::ended);
    assertThat(stream.complete()).isTrue();
  }

  @Test
  void limitsForClientsAreObeyed() throws Exception {
    try (ServingProcess serving =
        ServingProcess.serve("--max-connections", "5", "--client-memory-bytes", "33554432")) {
      List<Socket> silent = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        silent.add(new Socket(serving.uri().getHost(), serving.uri().getPort()));
      }
      silent.get(0).setSoTimeout(30_000);
      assertThat(silent.get(0).getInputStream().read()).isEqualTo(-1); // it made way
      String metrics = serving.get("/metrics");
      assertThat(metrics).contains("serving_http_connections_limit 5.0");
      assertThat(metrics).contains("serving_client_memory_limit_bytes 3.3554432E7");
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  /** Each connection is an open file: strangers must not have the last one. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void fewOpenFiles(@TempDir Path directory) throws Exception {
    Path log = directory.resolve("log");
    List<String> few = List.of("bash", "-c", "ulimit -n 300; exec \"$@\"", "-");
    List<Socket> silent = new ArrayList<>();
    try (ServingProcess serving = ServingProcess.serveUnder(few, log)) {
      for (int i = 0; i < 400; i++) {
        silent.add(new Socket(serving.uri().getHost(), serving.uri().getPort()));
      }
      assertThat(AnswerStream.of(serving.uri(), 8)).satisfies(StartsTest::isAnswered);
      assertThat(Files.readString(log)).contains("connections are taken").doesNotContain("\tat ");
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  /** With hardly any the first client would keep all others out. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void tooFewOpenFiles() throws Exception {
    assertThat(endOf(List.of("bash", "-c", "ulimit -n 128; exec \"$@\"", "-")))
        .containsPattern(
            "serving: the limit of open files is 128, and a server of a few connections needs \\d+:"
                + " raise it \\(ulimit -n\\)")
        .doesNotContain("\tat ");
  }

  private static boolean mayMount() throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(SMALL_SHM);
    line.set(4, "mount -t tmpfs none /dev/shm");
    try {
      return new ProcessBuilder(line).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  /** Starts a server that must end by itself with exit code 1; what it says. */
  private static String endOf(List<String> prefix, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(SERVE);
    arguments.addAll(List.of(options));
    List<String> line = new ArrayList<>(prefix);
    line.addAll(ServingProcess.line(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    Process process = ServingProcess.light(builder).start();
    try (InputStream said = process.getInputStream()) {
      String text = new String(said.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(text).isEqualTo(1);
      return text;
    } finally {
      process.destroyForcibly();
    }
  }
}
