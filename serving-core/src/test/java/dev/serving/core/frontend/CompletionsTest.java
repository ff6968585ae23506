package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.message.EngineMessage.Generate;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What {@code /v1/completions} answers. */
class CompletionsTest {
  private static Rig rig;

  @BeforeAll
  static void start() throws Exception {
    rig = new Rig().ready();
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  private static JsonNode complete(String fields) throws Exception {
    String body = "{\"model\": \"demo\", \"max_tokens\": 100, " + fields + "}";
    return Rig.JSON.readTree(rig.post("/v1/completions", body).body());
  }

  @Test
  void aStringIsContinued() throws Exception {
    JsonNode answer = complete("\"prompt\": \"Once upon\"");
    assertThat(answer.at("/object").asString()).isEqualTo("text_completion");
    assertThat(answer.at("/id").asString()).startsWith("cmpl-");
    assertThat(answer.at("/choices/0/text").asString()).isEqualTo(Rig.ANSWER);
  }

  @Test
  void sixteenTokensAreTheDefault() throws Exception {
    JsonNode answer =
        Rig.JSON.readTree(
            rig.post("/v1/completions", "{\"model\": \"demo\", \"prompt\": \"a\"}").body());
    assertThat(answer.at("/usage/completion_tokens").intValue()).isEqualTo(16);
  }

  @Test
  void eachOfSeveralPromptsGetsItsChoices() throws Exception {
    int before = rig.engine().generates.size();
    JsonNode answer = complete("\"prompt\": [\"one\", \"two\"], \"n\": 2");
    assertThat(answer.at("/choices").size()).isEqualTo(4);
    List<Generate> sent = rig.engine().generates.subList(before, before + 4);
    assertThat(sent.stream().map(g -> rig.text(g.prompt())))
        .containsExactly("one", "one", "two", "two");
  }

  @Test
  void tokenIdsAndListsOfThemArePrompts() throws Exception {
    int before = rig.engine().generates.size();
    complete("\"prompt\": [5, 6, 7]");
    complete("\"prompt\": [[5, 6], [8]]");
    assertThat(rig.engine().generates.subList(before, before + 3).stream().map(Generate::prompt))
        .containsExactly(new int[] {5, 6, 7}, new int[] {5, 6}, new int[] {8});
  }

  @Test
  void echoBeginsWithThePrompt() throws Exception {
    assertThat(complete("\"prompt\": \"Once \", \"echo\": true").at("/choices/0/text").asString())
        .isEqualTo("Once " + Rig.ANSWER);
  }

  @Test
  void theStopStringStaysWhenAskedFor() throws Exception {
    String stop = "\"prompt\": \"a\", \"stop\": \" the\", \"include_stop_str_in_output\": ";
    assertThat(complete(stop + "true").at("/choices/0/text").asString())
        .isEqualTo("Hello from the");
    assertThat(complete(stop + "false").at("/choices/0/text").asString()).isEqualTo("Hello from");
  }

  @Test
  void logprobsHaveOffsets() throws Exception {
    JsonNode logprobs =
        complete("\"prompt\": \"a\", \"logprobs\": 1, \"max_tokens\": 3").at("/choices/0/logprobs");
    assertThat(logprobs.at("/tokens").size()).isEqualTo(3);
    assertThat(logprobs.at("/text_offset/0").intValue()).isZero();
    assertThat(logprobs.at("/text_offset/1").intValue())
        .isEqualTo(logprobs.at("/tokens/0").asString().length());
    assertThat(logprobs.at("/token_logprobs/2").doubleValue()).isEqualTo(-0.5);
  }

  @Test
  void aStreamAddsUpToTheAnswer() throws Exception {
    String body = "{\"model\": \"demo\", \"prompt\": \"a\", \"max_tokens\": 99, \"stream\": true}";
    List<JsonNode> events = Rig.events(rig.post("/v1/completions", body).body());
    assertThat(
            events.stream()
                .map(e -> e.at("/choices/0/text").asString())
                .collect(Collectors.joining()))
        .isEqualTo(Rig.ANSWER);
  }
}
