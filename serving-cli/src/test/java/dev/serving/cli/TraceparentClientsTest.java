package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** This shows clients that ask within a trace of their own, by running the example scripts. */
final class TraceparentClientsTest {
  private static OtlpReceiver receiver;
  private static ServingProcess serving;

  @BeforeAll
  static void start() throws Exception {
    receiver = new OtlpReceiver();
    serving = ServingProcess.serveTraced(receiver);
  }

  @AfterAll
  static void stop() {
    serving.close();
    receiver.close();
  }

  @ParameterizedTest
  @CsvSource({"sh, trace.sh, curl", "python3, trace.py, python3", "node, trace.mjs, node"})
  void theServersRootLiesInTheCallersTrace(String interpreter, String script, String needs)
      throws Exception {
    assumeTrue(isThere(needs), "no " + needs);
    Path file = ServingProcess.ROOT.resolve("examples").resolve("clients").resolve(script);

    String said = run(interpreter, file.toString(), serving.uri().toString());

    assertThat(said).containsPattern("trace [0-9a-f]{32}\\s*$");
    String trace = said.strip().substring(said.strip().length() - 32);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> receiver.trace(trace).stream().anyMatch(s -> s.name().startsWith("POST")));
    assertThat(receiver.trace(trace).stream().filter(s -> s.name().startsWith("POST")))
        .allMatch(root -> !root.parentId().isEmpty());
  }

  private static boolean isThere(String program) throws InterruptedException {
    try {
      run(program, "--version");
      return true;
    } catch (IOException e) {
      return false; // no such program
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
