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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** This shows the commands that ask little: version, completion, and what a server traces. */
final class SmallCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

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
  void aConversationRemembersWhatWasSaid() throws Exception {
    try (ServingProcess server = ServingProcess.serve()) {
      String said =
          "/why\nWhat is a slice?\n/trace\n/why\n/nonsense\nWhat happens during prefill?\n/new\n/quit\n";
      InputStream before = System.in;
      System.setIn(new ByteArrayInputStream(said.getBytes(StandardCharsets.UTF_8)));
      try {
        assertThat(run("chat", "--url", server.uri().toString(), "--max-tokens", "16")).isZero();
      } finally {
        System.setIn(before);
      }
      assertThat(out.toString())
          .contains("slice", "the server does not trace", "there is no /nonsense")
          .contains("nothing was asked yet", "took")
          .doesNotContain("answered 4", "broke off");
      double inputs =
          server
              .get("/metrics")
              .lines()
              .filter(line -> line.startsWith("serving_tokens_total") && line.contains("\"input\""))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
              .sum();
      assertThat(inputs)
          .as("the second question came with the first and its answer")
          .isGreaterThan(45);
    }
  }

  @Test
  void aConversationShowsTheLastAnswersTrace() throws Exception {
    try (ServingProcess server = ServingProcess.serve("--trace-enable", "--viewer-port", "0")) {
      String viewer = server.said("Traces at ").substring("Traces at ".length());
      InputStream before = System.in;
      System.setIn(new ByteArrayInputStream("Who are you?\n/trace\n/quit\n".getBytes(UTF_8)));
      try {
        assertThat(run("chat", "--url", server.uri() + "", "--viewer", viewer)).isZero();
      } finally {
        System.setIn(before);
      }
      assertThat(out.toString()).contains("PREFILL", "DECODE", "POSTPROCESSING");
    }
  }

  @Test
  void tracingIsReadAndChangedWhileAServerRuns() throws Exception {
    try (ServingProcess server =
        ServingProcess.serve("--trace-enable", "--otlp-traces-endpoint", "http://127.0.0.1:1")) {
      String url = server.uri().toString();
      assertThat(run("tracing", "--url", url)).isZero();
      assertThat(out.toString())
          .contains("tracing       on", "level         2", "modules       all");
      assertThat(run("tracing", "--url", url, "--level", "3", "--sample-ratio", "0.5")).isZero();
      assertThat(run("tracing", "--url", url, "--json")).isZero();
      assertThat(out.toString()).contains("\"level\":3", "\"sample_ratio\":0.5");
      assertThat(run("tracing", "--url", url, "--level", "7")).isEqualTo(1);
      assertThat(err.toString()).contains("level").contains("400");
    }
  }

  private int run(String... arguments) {
    CommandLine command = ServingCommand.parserOf(arguments);
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
