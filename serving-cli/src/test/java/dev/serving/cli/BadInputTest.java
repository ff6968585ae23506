package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** This shows that what cannot work is said in one line, before any process starts. */
final class BadInputTest {
  private static final Path DEMO = ServingProcess.ROOT.resolve("models").resolve("serving-demo");

  @TempDir private Path directory;
  private final StringWriter errors = new StringWriter();

  @BeforeEach
  void home() {
    System.setProperty("serving.home", ServingProcess.ROOT.toString());
  }

  @Test
  void aModelThatIsNotThere() {
    assertThat(run("serve", "--model", "/nowhere")).isEqualTo(1);
    assertOneLine("no model at /nowhere; name a checkpoint directory with --model");
  }

  @Test
  void aModelWithoutItsConfiguration() {
    assertThat(run("serve", "--model", directory.toString())).isEqualTo(1);
    assertOneLine("config.json is missing");
  }

  @Test
  void aModelWithoutItsWeights() throws IOException {
    copy("config.json", "tokenizer.json", "tokenizer_config.json");
    assertThat(run("serve", "--model", directory.toString())).isEqualTo(1);
    assertOneLine("neither model.safetensors nor");
  }

  @Test
  void aModelWithoutItsTokenizer() throws IOException {
    copy("config.json", "model.safetensors");
    assertThat(run("serve", "--port", "0", "--model", directory.toString())).isEqualTo(1);
    assertOneLine("no tokenizer.json in");
  }

  @Test
  void aModelWithoutAChatTemplate() throws IOException {
    copy("config.json", "model.safetensors", "tokenizer.json");
    assertThat(run("generate", "--model", directory.toString(), "--prompt", "hello")).isEqualTo(1);
    assertOneLine("this model has no chat template; give --raw");
  }

  @Test
  void aPortInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(run("serve", "--port", port)).isEqualTo(1);
      assertOneLine("cannot listen on 127.0.0.1:" + port);
    }
  }

  @Test
  void aHostThatIsNone() {
    assertThat(run("serve", "--port=0", "--host=")).isEqualTo(1);
    assertOneLine("--host must be a name or an address, was blank");
    assertThat(run("serve", "--port=0", "--host=no.such.host.invalid")).isEqualTo(1);
    assertOneLine("cannot listen on no.such.host.invalid:0 (the host name is unknown)");
  }

  @Test
  void aViewersPortInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(run("viewer", "--port", port)).isEqualTo(1);
      assertOneLine("cannot listen on 127.0.0.1 port " + port);
    }
  }

  @Test
  void aModelThatDoesNotDivideIntoRanks() {
    assertThat(run("serve", "--tensor-parallel-size", "3")).isEqualTo(1);
    assertOneLine("num_attention_heads of 8 does not divide by a tensor-parallel size of 3");
  }

  @Test
  void aHeapThatNoEngineCouldRunIn() {
    assertThat(run("serve", "--engine-heap", "16m")).isEqualTo(1);
    assertOneLine("--engine-heap 16m cannot hold this model and its KV cache: it needs at least");
    String cache = "--kv-cache-bytes=1000000000";
    assertThat(run("serve", "--engine-heap", "128m", cache)).isEqualTo(1);
    assertOneLine("--engine-heap 128m cannot hold this model and its KV cache: it needs at least");
  }

  @Test
  void aHeapThatIsNoSize() {
    assertThat(run("serve", "--engine-heap", "banana")).isEqualTo(1);
    assertOneLine("such as 8g; was banana");
  }

  @Test
  void aHeapThatTheMachineDoesNotHave() {
    assertThat(run("serve", "--engine-heap", "99999g")).isEqualTo(1);
    assertOneLine("--engine-heap 99999g is more than this machine has");
  }

  @Test
  void noThreads() {
    assertThat(run("serve", "--threads", "0")).isEqualTo(1);
    assertOneLine("--threads must be 1 to 1024, was 0");
  }

  @Test
  void noEngines() {
    assertThat(run("serve", "--data-parallel-size", "0")).isEqualTo(1);
    assertOneLine("--data-parallel-size must be at least 1, was 0");
  }

  @Test
  void noConnections() {
    assertThat(run("serve", "--max-connections", "0")).isEqualTo(1);
    assertOneLine("--max-connections must be at least 1, was 0");
  }

  @Test
  void noMemoryForClients() {
    assertThat(run("serve", "--client-memory-bytes", "1000")).isEqualTo(1);
    assertOneLine("--client-memory-bytes must be at least 1048576, was 1000");
  }

  @Test
  void boundsThatAreMoreThanTheHeap() {
    assertThat(run("serve", "--client-memory-bytes", "9999999999999")).isEqualTo(1);
    assertOneLine("--client-memory-bytes is 9999999999999, and this process's heap has");
    assertThat(run("serve", "--ledger-bytes", "9999999999999")).isEqualTo(1);
    assertOneLine("--ledger-bytes is 9999999999999, and this process's heap has");
  }

  @Test
  void aTraceLevelThatThereIsNot() {
    assertThat(run("serve", "--trace-level", "9")).isEqualTo(1);
    assertOneLine("--trace-level has a bad value");
  }

  @Test
  void aTraceEndpointThatIsNoAddress() {
    assertThat(run("serve", "--trace-enable", "--otlp-traces-endpoint", "x y")).isEqualTo(1);
    assertOneLine("--otlp-traces-endpoint has a bad value");
  }

  @Test
  void aCertificateWithoutItsKey() {
    assertThat(run("serve", "--ssl-certfile", "/x.pem")).isEqualTo(1);
    assertOneLine("--ssl-certfile and --ssl-keyfile");
  }

  @Test
  void anOptionThatThereIsNot() {
    assertThat(run("serve", "--modle", "x")).isEqualTo(2);
    assertThat(errors.toString()).contains("--modle").contains("--model").contains("--help");
  }

  @Test
  void anEngineStartedByHand() {
    System.setIn(InputStream.nullInputStream());
    assertThatThrownBy(EngineCommand::run)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("started by 'serving serve'");
  }

  private int run(String... arguments) {
    CommandLine command = ServingCommand.parserOf(arguments);
    command.setErr(new PrintWriter(errors, true));
    return command.execute(arguments);
  }

  private void assertOneLine(String text) {
    assertThat(errors.toString()).startsWith("serving: ").contains(text).hasLineCount(1);
  }

  private void copy(String... files) throws IOException {
    for (String file : files) {
      Files.copy(DEMO.resolve(file), directory.resolve(file));
    }
  }
}
