package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** When special tokens and the token that ends an answer are text, and when not. */
class SpecialTokensTest {
  private static final String COMPLETION = "/v1/completions";
  private static Rig rig;

  @BeforeAll
  static void start() throws Exception {
    rig = new Rig().ready();
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  /** The same answer whole and streamed. */
  private static String text(String more) throws Exception {
    String body = "{\"model\": \"demo\", \"prompt\": \"a\", \"max_tokens\": 99" + more;
    String whole = choiceText(Rig.JSON.readTree(rig.post(COMPLETION, body + "}").body()));
    List<JsonNode> events = Rig.events(rig.post(COMPLETION, body + ", \"stream\": true}").body());
    assertThat(events.stream().map(SpecialTokensTest::choiceText).collect(Collectors.joining()))
        .isEqualTo(whole);
    return whole;
  }

  private static String choiceText(JsonNode answer) {
    return answer.at("/choices/0/text").asString();
  }

  private static List<Integer> said(String before, int token, String after) {
    List<Integer> tokens = new ArrayList<>(rig.tokens(before));
    tokens.add(token);
    tokens.addAll(rig.tokens(after));
    return tokens;
  }

  @Test
  void specialTokensShowOnlyWhereTheyAreAskedFor() throws Exception {
    rig.answers(g -> said("né 🙂", rig.end(), " two"));
    assertThat(text("")).isEqualTo("né 🙂 two");
    assertThat(text(", \"skip_special_tokens\": true")).isEqualTo("né 🙂 two");
    assertThat(text(", \"skip_special_tokens\": false")).isEqualTo("né 🙂" + Rig.END + " two");
  }

  @Test
  void aSpecialTokenCanBeAStopString() throws Exception {
    rig.answers(g -> said("one", rig.end(), " two"));
    String stop = ", \"skip_special_tokens\": false, \"stop\": \"" + Rig.END + "\"";
    assertThat(text(stop)).isEqualTo("one");
  }

  @Test
  void theTokenThatEndsAnAnswerIsTextOnlyTogetherWithStopStrings() throws Exception {
    rig.answers(g -> rig.tokens("one two"));
    String keep = ", \"skip_special_tokens\": false";
    String include = ", \"include_stop_str_in_output\": true";
    assertThat(text("")).isEqualTo("one two");
    assertThat(text(keep)).isEqualTo("one two");
    assertThat(text(include)).isEqualTo("one two");
    assertThat(text(keep + include)).isEqualTo("one two" + Rig.END);
  }

  @Test
  void anOrdinaryStopTokenIsTextOnlyTogetherWithStopStrings() throws Exception {
    List<Integer> tokens = rig.tokens("one two three");
    int last = tokens.get(tokens.size() - 1);
    rig.stopsAt(g -> tokens);
    String stop = ", \"stop_token_ids\": [" + last + "]";
    String before =
        rig.text(tokens.subList(0, tokens.size() - 1).stream().mapToInt(i -> i).toArray());
    assertThat(text(stop)).isEqualTo(before).isNotEqualTo("one two three");
    assertThat(text(stop + ", \"include_stop_str_in_output\": true")).isEqualTo("one two three");
  }

  @Test
  void anEchoOfTokensShowsThemAlike() throws Exception {
    rig.answers(g -> rig.tokens(" said"));
    String ids =
        Stream.concat(rig.tokens("Who").stream(), Stream.of(rig.end())).toList().toString();
    String body = "{\"model\": \"demo\", \"echo\": true, \"prompt\": " + ids;
    String keep = ", \"skip_special_tokens\": false}";
    assertThat(choiceText(Rig.JSON.readTree(rig.post(COMPLETION, body + "}").body())))
        .isEqualTo("Who said");
    assertThat(choiceText(Rig.JSON.readTree(rig.post(COMPLETION, body + keep).body())))
        .isEqualTo("Who" + Rig.END + " said");
  }
}
