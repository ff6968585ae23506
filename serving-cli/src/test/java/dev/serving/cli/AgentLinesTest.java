package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What an agent writes comes through, its mistakes do not, and its end waits for the answers. */
final class AgentLinesTest {
  @Test
  void onlyObjectsComeThroughAndTheEndWaitsForTheAnswers() throws Exception {
    String question = "{\"id\":1,\"method\":\"tools/list\",\"params\":{\"ä\":\"→\"}}";
    String said = "no json\n" + question + "\n[1]\n\n{\"method\":\"notifications/x\"}\n{";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AgentLines agent =
        new AgentLines(new ByteArrayInputStream(said.getBytes(StandardCharsets.UTF_8)), out);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(agent.questions(), StandardCharsets.UTF_8));

    assertThat(lines.readLine()).isEqualTo(question);
    assertThat(lines.readLine()).isEqualTo("{\"method\":\"notifications/x\"}");
    CompletableFuture<String> end =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return String.valueOf(lines.readLine());
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    agent.answers().write("{\"id\":1,\"result\":{}}\n".getBytes(StandardCharsets.UTF_8));

    assertThat(end.join()).isEqualTo("null");
    agent.awaitEnd();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"id\":1,\"result\":{}}\n");
  }
}
