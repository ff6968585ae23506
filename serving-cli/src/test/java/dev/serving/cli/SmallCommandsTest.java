package dev.serving.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * This shows the commands that ask little: version, completion, a conversation, and what a server
 * traces. One server for all.
 */
final class SmallCommandsTest {
  private static ServingProcess server;
  private static String url;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void serve() throws Exception {
    server = ServingProcess.serve("--trace-enable", "--viewer-port", "0");
    url = server.uri().toString();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @Test
  void versionSaysWhichJavaRuns() {
    assertThat(run("version")).isZero();
    assertThat(out.toString()).startsWith("serving ").contains(System.getProperty("java.version"));
  }

  @Test
  void bashCompletesCommandsAndOptions(@TempDir Path directory) throws Exception {
    assertThat(run("completion", "bash")).isZero();
    Path script = Files.writeString(directory.resolve("serving.bash"), out.toString());
    String ask =
        "source '"
            + script
            + "'; COMP_WORDS=(serving serve --otlp-tr); COMP_CWORD=2; COMP_LINE=x;"
            + " _complete_serving; echo \"${COMPREPLY[@]}\"";
    Process bash = new ProcessBuilder("bash", "-c", ask).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).contains("--otlp-traces-endpoint");
  }

  @Test
  void aServerThatIsNotThereIsSaidWithWhatToDo() {
    assertThat(run("tracing", "--url", "http://127.0.0.1:1")).isEqualTo(1);
    assertThat(err.toString())
        .contains("no server at http://127.0.0.1:1; start one by")
        .hasLineCount(1);
  }

  @Test
  void aConversationRemembersWhatWasSaid() {
    double before = inputTokens();
    assertThat(run("tracing", "--url", url, "--level", "0")).isZero();
    chat(
        "/why\nWhat is a slice?\n/trace\n/why\n/nonsense\nWhat happens during prefill?\n/new\n/quit\n",
        "--max-tokens",
        "16");
    assertThat(run("tracing", "--url", url, "--level", "2")).isZero();
    assertThat(out.toString())
        .contains("slice", "the server does not trace", "there is no /nonsense")
        .contains("nothing was asked yet", "took")
        .doesNotContain("answered 4", "broke off");
    assertThat(inputTokens() - before)
        .as("the second question came with the first and its answer")
        .isGreaterThan(45);
  }

  private static double inputTokens() {
    return server
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith("serving_tokens_total") && line.contains("\"input\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void aConversationShowsTheLastAnswersTrace() {
    String viewer = server.said("Traces at ").substring("Traces at ".length());
    chat("Who are you?\n/trace\n/quit\n", "--viewer", viewer);
    assertThat(out.toString()).contains("PREFILL", "DECODE", "POSTPROCESSING");
  }

  private void chat(String said, String... options) {
    String[] line =
        Stream.concat(Stream.of("chat", "--url", url), Stream.of(options)).toArray(String[]::new);
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(said.getBytes(UTF_8)));
    try {
      assertThat(run(line)).as(err.toString()).isZero();
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void tracingIsReadAndChangedWhileAServerRuns() {
    assertThat(run("tracing", "--url", url)).isZero();
    assertThat(out.toString()).contains("tracing       on", "level         2", "modules       all");
    assertThat(run("tracing", "--url", url, "--level", "3", "--sample-ratio", "0.5")).isZero();
    assertThat(run("tracing", "--url", url, "--json")).isZero();
    assertThat(out.toString()).contains("\"level\":3", "\"sample_ratio\":0.5");
    assertThat(run("tracing", "--url", url, "--level", "7")).isEqualTo(2);
    assertThat(err.toString()).contains("--level must be 0 to 3, was 7");
    assertThat(run("tracing", "--url", url, "--level", "2", "--sample-ratio", "1")).isZero();
  }

  private int run(String... arguments) {
    CommandLine command = ServingCommand.parserOf(arguments);
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
