package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** This shows what a slip of the finger is answered with. */
final class NearestTest {
  @ParameterizedTest
  @CsvSource({
    "serve --prot 1, --port",
    "serve --prot=1, --port",
    "serve --otlp-trace-endpoint x, --otlp-traces-endpoint",
    "serve --max-num-seq 1, --max-num-seqs",
    "serv, serve",
    "generat --prompt x, generate"
  })
  void isAskedAfterByItsRightName(String line, String meant) {
    assertThat(said(line)).contains("did you mean '" + meant + "'?");
  }

  @Test
  void whatResemblesNothingIsNotGuessedAt() {
    assertThat(said("serve --enable-lora"))
        .contains("--enable-lora")
        .doesNotContain("did you mean");
    assertThat(said("frobnicate")).doesNotContain("did you mean");
  }

  @Test
  void isAnsweredByExitCodeTwo() {
    CommandLine command = ServingCommand.parserOf("serve");
    command.setErr(new PrintWriter(new StringWriter()));
    assertThat(command.execute("serve", "--prot", "1")).isEqualTo(2);
  }

  private static String said(String line) {
    StringWriter said = new StringWriter();
    CommandLine command = ServingCommand.parserOf(line.split(" "));
    command.setErr(new PrintWriter(said, true));
    command.getSubcommands().values().forEach(c -> c.setErr(new PrintWriter(said, true)));
    command.execute(line.split(" "));
    return said.toString();
  }
}
