package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.trace.testing.TraceTree;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This shows the example of somebody else's server: two processes, three threads, one trace. */
final class HelloTraceTest {
  private static final Path SOURCE =
      ServingProcess.ROOT.resolve("examples").resolve("observability").resolve("HelloTrace.java");

  @TempDir private Path classes;

  @Test
  void twoProcessesAndTheirThreadsAreOneTrace() throws Exception {
    String address = "tcp://127.0.0.1:" + freePort();
    compile();
    try (OtlpReceiver receiver = new OtlpReceiver()) {
      Process engine = run(receiver, "engine", address);
      Process frontend = run(receiver, "frontend", address);
      try {
        String said =
            new String(frontend.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        assertThat(frontend.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(engine.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(List.of(frontend.exitValue(), engine.exitValue())).containsOnly(0);
        check(receiver, said.substring("trace ".length()));
      } finally {
        engine.destroyForcibly();
        frontend.destroyForcibly();
      }
    }
  }

  private static void check(OtlpReceiver receiver, String traceId) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(receiver.trace(traceId)).hasSize(7));
    TraceTree tree = TraceTree.check(receiver.trace(traceId));
    assertThat(tree.names())
        .containsExactlyInAnyOrder(
            "Hello Req", "tokenizer", "TOKENIZE", "logger", "LOG", "engine", "COMPUTE");
    assertThat(tree.only("COMPUTE").linkedIds()).containsExactly(tree.only("TOKENIZE").spanId());
    assertThat(tree.only("COMPUTE").pid()).isNotEqualTo(tree.only("TOKENIZE").pid());
  }

  private void compile() {
    String[] arguments = {"-cp", System.getProperty("java.class.path"), "-d", classes.toString()};
    List<String> line = new ArrayList<>(List.of(arguments));
    line.add(SOURCE.toString());
    int errors =
        ToolProvider.getSystemJavaCompiler().run(null, null, null, line.toArray(String[]::new));
    assertThat(errors).isZero();
  }

  private Process run(OtlpReceiver receiver, String role, String address) throws IOException {
    String path = System.getProperty("java.class.path") + File.pathSeparator + classes;
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> line = new ArrayList<>(List.of(java));
    line.addAll(Installation.SHORT_LIFE);
    line.addAll(List.of("-cp", path, "HelloTrace", role, address));
    ProcessBuilder process = new ProcessBuilder(line);
    process.environment().put("TRACES_ENABLE", "true");
    process.environment().put("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.uri().toString());
    return process.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
