package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertThat(run("serve", "--model", "/nowhere")).isEqualTo(2);
    assertOneLine("no model at /nowhere; name a checkpoint directory with --model");
  }

  @Test
  void aModelWithoutItsConfiguration() {
    assertThat(run("serve", "--model", directory.toString())).isEqualTo(2);
    assertOneLine("config.json is missing");
  }

  @Test
  void aModelWithoutItsWeights() throws IOException {
    copy("config.json", "tokenizer.json", "tokenizer_config.json");
    assertThat(run("serve", "--model", directory.toString())).isEqualTo(2);
    assertOneLine("neither model.safetensors nor");
  }

  @Test
  void aModelWithoutItsTokenizer() throws IOException {
    copy("config.json", "model.safetensors");
    assertThat(run("serve", "--port", "0", "--model", directory.toString())).isEqualTo(2);
    assertOneLine("no tokenizer.json in");
  }

  @Test
  void aModelWithoutAChatTemplate() throws IOException {
    copy("config.json", "model.safetensors", "tokenizer.json");
    assertThat(run("generate", "--model", directory.toString(), "--prompt", "hello")).isEqualTo(2);
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
    assertThat(run("serve", "--port=0", "--host=")).isEqualTo(2);
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
    assertThat(run("serve", "--tensor-parallel-size", "3")).isEqualTo(2);
    assertOneLine("num_attention_heads of 8 does not divide by a tensor-parallel size of 3");
  }

  @Test
  void aHeapThatNoEngineCouldRunIn() {
    assertThat(run("serve", "--engine-heap", "16m")).isEqualTo(2);
    assertOneLine("--engine-heap 16m cannot hold this model and its KV cache: it needs at least");
    String cache = "--kv-cache-bytes=1000000000";
    assertThat(run("serve", "--engine-heap", "128m", cache)).isEqualTo(2);
    assertOneLine("--engine-heap 128m cannot hold this model and its KV cache: it needs at least");
  }

  @Test
  void aHeapThatIsNoSize() {
    assertThat(run("serve", "--engine-heap", "banana")).isEqualTo(2);
    assertOneLine("such as 8g; was banana");
  }

  @Test
  void aHeapThatTheMachineDoesNotHave() {
    assertThat(run("serve", "--engine-heap", "99999g")).isEqualTo(2);
    assertOneLine("--engine-heap 99999g is more than this machine has");
  }

  @Test
  void noThreads() {
    assertThat(run("serve", "--threads", "0")).isEqualTo(2);
    assertOneLine("--threads must be 1 to 1024, was 0");
  }

  @Test
  void noEngines() {
    assertThat(run("serve", "--data-parallel-size", "0")).isEqualTo(2);
    assertOneLine("--data-parallel-size must be at least 1, was 0");
  }

  @Test
  void noConnections() {
    assertThat(run("serve", "--max-connections", "0")).isEqualTo(2);
    assertOneLine("--max-connections must be at least 1, was 0");
  }

  @Test
  void noMemoryForClients() {
    assertThat(run("serve", "--client-memory-bytes", "1000")).isEqualTo(2);
    assertOneLine("--client-memory-bytes must be at least 1048576, was 1000");
  }

  @Test
  void boundsThatAreMoreThanTheHeap() {
    assertThat(run("serve", "--client-memory-bytes", "9999999999999")).isEqualTo(2);
    assertOneLine("--client-memory-bytes is 9999999999999, and this process's heap has");
    assertThat(run("serve", "--ledger-bytes", "9999999999999")).isEqualTo(2);
    assertOneLine("--ledger-bytes is 9999999999999, and this process's heap has");
  }

  @Test
  void aTraceLevelThatThereIsNot() {
    assertThat(run("serve", "--trace-level", "9")).isEqualTo(2);
    assertOneLine("--trace-level has a bad value");
  }

  @Test
  void aTraceEndpointThatIsNoAddress() {
    assertThat(run("serve", "--trace-enable", "--otlp-traces-endpoint", "x y")).isEqualTo(2);
    assertOneLine("--otlp-traces-endpoint has a bad value");
  }

  @Test
  void aCertificateWithoutItsKey() {
    assertThat(run("serve", "--ssl-certfile", "/x.pem")).isEqualTo(2);
    assertOneLine("--ssl-certfile and --ssl-keyfile");
  }

  /** Each names the option that is wrong, and what is right, and nothing else. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          serve --port 99999                   | --port must be 0 to 65535, was 99999
          serve --port abc                     | 'abc' is no whole number
          serve --port 1 --port 2              | option '--port' (N) should be specified only once
          serve --port                         | Missing required parameter for option '--port'
          serve --max-num-seqs 0               | --max-num-seqs must be at least 1, was 0
          serve --max-num-seqs 999             | must be at least --max-num-seqs
          serve --block-size 0                 | --block-size must be 1 to 1024, was 0
          serve --kv-cache-share 2             | --kv-cache-share must be above 0 and below 1, was 2.0
          serve --kv-cache-bytes lots          | option '--kv-cache-bytes': 'lots' is no size; write
          bench --header foo                   | Value for option '--header' (NAME=VALUE) should be
          serve --tensor-parallel-size 0       | --tensor-parallel-size must be at least 1, was 0
          serve --max-model-len 1              | --max-model-len must be at least 2
          serve --request-timeout 0            | --request-timeout must be above 0, was 0
          serve --max-model-len 99999          | --max-model-len 99999 is more than the model's 512
          serve --kv-cache-bytes 1             | --kv-cache-bytes is 1, and a block of 16 tokens takes
          serve --ledger-bytes 2z              | '2z' is no size
          serve --lifecycle-log yaml           | --lifecycle-log
          serve --dtype fp8                    | 'fp8' is not auto, bfloat16
          serve --viewer-port 0                | add --trace-enable
          serve --trace-enable --viewer-port 70000 | --viewer-port must be 0 to 65535, was 70000
          serve /a --model /b                  | the model is named twice: /a and by --model
          viewer --port -1                     | --port must be 0 (any free one) to 65535, was -1
          viewer --max-spans 0                 | --max-spans and --max-bytes must be at least 1
          viewer --max-bytes 12q               | '12q' is no size
          viewer --max-days 0                  | --max-days must be at least 1, was 0
          viewer --host ''                     | --host must be a name or an address
          viewer --ssl-certfile /a.pem         | TLS needs both --ssl-certfile and --ssl-keyfile
          bench --request-rate x               | --request-rate must be a number or inf; was x
          bench --request-rate -1              | --request-rate must be above 0, or inf; was -1.0
          bench --num-prompts 0                | --num-prompts must be at least 1; was 0
          bench --input-len 0                  | --random-output-len must be at least 1; was 0
          bench --duration soon                | 'soon' is no time such as 30s, 10m or 2h
          bench --base-url localhost:8000      | 'localhost:8000' is no address such as http://
          bench --cancel-ratio 2               | --cancel-ratio must be 0 to 1; was 2.0
          bench --page /nowhere/x.html         | --page /nowhere/x.html: there is no such directory
          bench --soak 1s --json               | leave out --base-url, --json and --page
          bench --backend tgi                  | 'tgi' is not openai or openai-chat
          why a --slowest 3                    | ask for a request or for the --slowest, not both
          chat --url 'x y'                     | 'x y' is no address such as http://127.0.0.1:8000
          trace --url ftp://host               | 'ftp://host' is no address
          tracing --level three                | 'three' is no whole number
          generate --prompt x -tp 2            | leave out --tensor-parallel-size
          trace --slowest 0                    | --slowest must be at least 1, was 0
          trace --limit -3                     | --limit must be at least 1, was -3
          why --slowest -1                     | --slowest must be at least 1, was -1
          bench --num-warmups -1               | --num-warmups must be at least 0, was -1
          bench --temperature 3                | --temperature must be 0 to 2, was 3.0
          chat --max-tokens 0                  | --max-tokens must be at least 1, was 0
          demo --max-tokens 0                  | --max-tokens must be at least 1, was 0
          generate --prompt x --temperature -1 | --temperature must be 0 to 2, was -1.0
          completion fish                      | 'fish' is not bash or zsh
          serve --config /nowhere.yaml         | /nowhere.yaml: cannot be read: there is no such file
          serve --api-key-file /nowhere        | --api-key-file /nowhere cannot be read: there is no such
          serve --api-key-file /dev/null       | --api-key-file /dev/null holds no key
          viewer --token-file /nowhere         | --token-file /nowhere cannot be read: there is no such
          viewer --token-file /dev/null        | --token-file /dev/null holds no token
          viewer --port 0 --store /dev/null/x  | --store: traces cannot be kept in /dev/null/x
          viewer --ssl-certfile /dev/null --ssl-keyfile /dev/null | --ssl-certfile and --ssl-keyfile cannot be used
          serve --port 0 --ssl-certfile /dev/null --ssl-keyfile /dev/null | --ssl-keyfile cannot be used
          models /nowhere                      | no directory /nowhere
          bench --page /dev                    | --page /dev cannot be written
          tracing --level 7                    | --level must be 0 to 3, was 7
          tracing --sample-ratio 1.5           | --sample-ratio must be 0 to 1, was 1.5
          """)
  void aValueThatCannotBe(String line, String message) {
    assertThat(run(words(line))).isEqualTo(2);
    assertOneLine(message);
  }

  private static String[] words(String line) {
    return Pattern.compile("'([^']*)'|(\\S+)")
        .matcher(line)
        .results()
        .map(word -> word.group(2) == null ? word.group(1) : word.group(2))
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          serv             | there is no command 'serv'; did you mean 'serve'?
          help sevre       | there is no command 'sevre'; did you mean 'serve'?
          bogus            | there is no command 'bogus'
          serve --prot=1   | there is no option '--prot'; did you mean '--port'?
          viewer --prot 1  | there is no option '--prot'; did you mean '--port'?
          models a b       | 'b' is one word too many
          """)
  void aWordThatThereIsNot(String line, String message) {
    assertThat(run(words(line))).isEqualTo(2);
    assertThat(errors.toString())
        .startsWith("serving: " + message + System.lineSeparator())
        .contains("--help' lists the options")
        .hasLineCount(2);
  }

  @Test
  void anOptionThatThereIsNot() {
    assertThat(run("serve", "--modle", "x")).isEqualTo(2);
    assertThat(errors.toString()).contains("--modle").contains("--model").contains("--help");
  }

  /**
   * What answers, but is no server of ours, is said to be none, and nothing of its page is shown.
   */
  @Test
  void anAddressOfSomethingElse() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext("/", call -> answer(call, 404, "<html>\n<b>not here</b>\n</html>"));
    for (String path : List.of("/json/v1/models", "/json/tracing", "/json/blame", "/json/api")) {
      other.createContext(path, call -> answer(call, 200, "{\"of\": \"others\"}"));
    }
    other.start();
    try {
      String url = "http://127.0.0.1:" + other.getAddress().getPort();
      for (String command : List.of("chat", "tracing", "why", "trace")) {
        assertThat(run(command, "--url", url)).as(command).isEqualTo(1);
        assertOneLine(url + " answered 404: a page for people");
        errors.getBuffer().setLength(0);
        assertThat(run(command, "--url", url + "/json/")).as(command).isEqualTo(1);
        assertOneLine(url + "/json/ does not answer as was expected; see --url");
        errors.getBuffer().setLength(0);
      }
    } finally {
      other.stop(0);
    }
  }

  private static void answer(HttpExchange call, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    call.sendResponseHeaders(status, bytes.length);
    call.getResponseBody().write(bytes);
    call.close();
  }

  @Test
  void anEngineStartedByHand() {
    System.setIn(InputStream.nullInputStream());
    assertThatThrownBy(EngineCommand::run)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("started by 'serving serve'");
  }

  private int run(String... arguments) {
    errors.getBuffer().setLength(0);
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
