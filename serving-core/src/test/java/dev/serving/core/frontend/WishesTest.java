package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.SamplingParams;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a client may wish of an answer beside the usual: obeyed, or refused by name. */
class WishesTest {
  private static final String CHAT = "/v1/chat/completions";
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

  @BeforeEach
  void answer() {
    rig.answers(g -> rig.tokens(" 🙂 one two"));
  }

  private static JsonNode complete(String fields) throws Exception {
    return ok(rig.post(COMPLETION, "{" + fields + "}"));
  }

  private static JsonNode ok(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Rig.JSON.readTree(response.body());
  }

  private static SamplingParams asked() {
    return last().sampling();
  }

  private static Generate last() {
    return rig.engine().generates.get(rig.engine().generates.size() - 1);
  }

  /** The way in which evaluation harnesses score: lm-eval's local-completions, for one. */
  @Test
  void aPromptIsScoredByItsEcho() throws Exception {
    JsonNode answer =
        complete(
            "'prompt': 'né 🙂 x', 'echo': true, 'logprobs': 1, 'max_tokens': 0".replace('\'', '"'));
    JsonNode choice = answer.at("/choices/0");
    assertThat(choice.at("/text").asString()).isEqualTo("né 🙂 x");
    assertThat(choice.at("/finish_reason").asString()).isEqualTo("length");
    assertThat(answer.at("/usage/completion_tokens").intValue()).isZero();
    JsonNode logprobs = choice.at("/logprobs");
    int tokens = answer.at("/usage/prompt_tokens").intValue();
    for (String list : List.of("tokens", "token_logprobs", "text_offset", "top_logprobs")) {
      assertThat(logprobs.at("/" + list).size()).as(list).isEqualTo(tokens);
    }
    assertThat(logprobs.at("/token_logprobs/0").isNull()).isTrue();
    assertThat(logprobs.at("/top_logprobs/0").isNull()).isTrue();
    assertThat(logprobs.at("/token_logprobs/1").doubleValue()).isEqualTo(-0.25);
    offsetsPointAtTokens(choice);
  }

  @Test
  void anEchoGoesOnWithTheAnswerAlsoInItsLogprobs() throws Exception {
    JsonNode choice =
        complete("\"prompt\": \"Once\", \"echo\": true, \"logprobs\": 1").at("/choices/0");
    assertThat(choice.at("/text").asString()).isEqualTo("Once 🙂 one two");
    int prompt = rig.tokens("Once").size();
    assertThat(choice.at("/logprobs/token_logprobs/" + prompt).doubleValue()).isEqualTo(-0.5);
    offsetsPointAtTokens(choice);
  }

  /** Offsets count characters, not the halves of them that Java and JavaScript count. */
  private static void offsetsPointAtTokens(JsonNode choice) {
    int[] text = choice.at("/text").asString().codePoints().toArray();
    JsonNode tokens = choice.at("/logprobs/tokens");
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i).asString();
      int at = choice.at("/logprobs/text_offset").get(i).intValue();
      String rest = new String(text, at, text.length - at);
      if (!token.startsWith("bytes:") && !token.startsWith("<|")) {
        assertThat(rest).as("offset %d of token %d", at, i).startsWith(token);
      }
    }
  }

  @Test
  void promptLogprobsHaveTheShapeOfVllm() throws Exception {
    JsonNode list =
        complete("\"prompt\": \"a b\", \"prompt_logprobs\": 1").at("/choices/0/prompt_logprobs");
    assertThat(list.get(0).isNull()).isTrue();
    int token = rig.tokens("a b").get(1);
    assertThat(list.get(1).at("/" + token + "/logprob").doubleValue()).isEqualTo(-0.25);
    assertThat(list.get(1).at("/" + token + "/rank").intValue()).isEqualTo(1);
    assertThat(list.get(1).at("/" + token + "/decoded_token").asString()).isEqualTo(" b");
    assertThat(rig.chat(", \"prompt_logprobs\": 0").at("/prompt_logprobs").size())
        .isEqualTo(last().prompt().length);
  }

  @Test
  void theEndOfThePromptIsKeptWhereItIsTruncated() throws Exception {
    List<Integer> all = rig.tokens("one two three");
    JsonNode answer =
        complete("\"prompt\": \"one two three\", \"truncate_prompt_tokens\": 2, \"echo\": true");
    assertThat(last().prompt()).containsExactly(all.get(all.size() - 2), all.get(all.size() - 1));
    assertThat(answer.at("/usage/prompt_tokens").intValue()).isEqualTo(2);
    assertThat(answer.at("/choices/0/text").asString())
        .isEqualTo(rig.text(last().prompt()) + " 🙂 one two");
    complete("\"prompt\": \"" + "many words ".repeat(700) + "\", \"truncate_prompt_tokens\": -1");
    assertThat(last().prompt()).hasSize(511);
  }

  @Test
  void constraintsReachTheEngineInTokens() throws Exception {
    rig.chat(", \"allowed_token_ids\": [5, 6], \"bad_words\": [\"two\"]");
    assertThat(asked().constraints().allowed()).containsExactlyInAnyOrder(5, 6);
    assertThat(asked().constraints().banned()).contains(rig.tokens("two"), rig.tokens(" two"));
    for (String choice :
        List.of(
            "\"guided_choice\": [\"yes\", \"no\"]",
            "\"structured_outputs\": {\"choice\": [\"yes\", \"no\"]}")) {
      rig.chat(", " + choice);
      assertThat(
              asked().constraints().choices().stream()
                  .map(c -> rig.text(c.stream().mapToInt(i -> i).toArray())))
          .containsExactly("yes", "no");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          422 | guided_json                 | "guided_json": {"type": "object"}
          422 | guided_regex                | "guided_regex": "[0-9]+"
          422 | structured_outputs.regex    | "structured_outputs": {"regex": "a"}
          422 | structured_outputs.json     | "structured_outputs": {"json": {}, "choice": null}
          422 | guided_json                 | "guided_json": {}
          400 | response_format.type        | "response_format": {"schema": {"type": "object"}}
          422 | best_of                     | "best_of": 3
          422 | enable_thinking             | "enable_thinking": false
          422 | n_predict                   | "n_predict": 5
          422 | repeat_penalty              | "repeat_penalty": 1.5
          422 | extra_body                  | "extra_body": {"guided_json": {"type": "object"}}
          422 | options                     | "options": {"num_predict": 5}
          422 | n_cmpl                      | "n_cmpl": 2
          422 | truncate                    | "truncate": 10
          422 | return_full_text            | "return_full_text": true
          422 | top_n_tokens                | "top_n_tokens": 5
          422 | tool_prompt                 | "tool_prompt": "Tools:"
          422 | reasoning_format            | "reasoning_format": "deepseek"
          422 | return_tokens               | "return_tokens": true
          422 | response_fields             | "response_fields": ["content"]
          422 | t_max_predict_ms            | "t_max_predict_ms": 100
          422 | watermark                   | "watermark": true
          422 | detokenize                  | "detokenize": false
          400 | allowed_token_ids[0]        | "allowed_token_ids": [4294967296]
          400 | allowed_token_ids[0]        | "allowed_token_ids": [5.5]
          400 | top_logprobs                | "top_logprobs": 1
          422 | response_format.type        | "response_format": {"type": "json_object"}
          422 | tools                       | "tools": [{"type": "function", "function": {"name": "f"}}]
          422 | functions                   | "functions": [{"name": "f"}]
          422 | documents                   | "documents": [{"text": "t"}]
          422 | reasoning_effort            | "reasoning_effort": "low"
          422 | use_beam_search             | "use_beam_search": true
          422 | length_penalty              | "length_penalty": 2
          422 | parallel_tool_calls         | "parallel_tool_calls": false
          422 | prompt_logprobs             | "prompt_logprobs": 1, "stream": true
          422 | truncation_side             | "truncation_side": "right"
          400 | allowed_token_ids           | "allowed_token_ids": []
          400 | allowed_token_ids           | "allowed_token_ids": [99999]
          400 | min_tokens                  | "guided_choice": ["a"], "min_tokens": 1
          400 | prompt_logprobs             | "prompt_logprobs": 21
          400 | truncate_prompt_tokens      | "truncate_prompt_tokens": 0
          400 | logit_bias                  | "logit_bias": {"4294967301": 1}
          400 | logit_bias.5                | "logit_bias": {"5": -100.5}
          400 | repetition_penalty          | "repetition_penalty": 1e-60
          400 | seed                        | "seed": 9223372036854775808
          """)
  void whatIsNotObeyedIsRefusedByName(int status, String param, String fields) throws Exception {
    HttpResponse<String> response = rig.post(CHAT, Rig.chatBody(", " + fields));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = Rig.JSON.readTree(response.body()).at("/error");
    assertThat(error.at("/param").asString()).isEqualTo(param);
    // Some clients show their users the message alone.
    assertThat(error.at("/message").asString()).contains(param.split("[.]")[0]);
  }

  /** What official clients and frameworks send without meaning it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tools\": [], \"tool_choice\": \"none\", \"parallel_tool_calls\": true",
        "\"guided_json\": null, \"functions\": null, \"audio\": null, \"bad_words\": []",
        "\"use_beam_search\": false, \"length_penalty\": 1.0, \"spaces_between_special_tokens\": true",
        "\"response_format\": {\"type\": \"text\"}, \"modalities\": [\"text\"]",
        "\"max_tokens\": 5.0, \"n\": 1.0, \"top_k\": 4294967296, \"temperature\": 1e-40",
        "\"repeat_penalty\": 1.0, \"n_predict\": -1, \"best_of\": 1, \"top_logprobs\": 0",
        "\"reasoning_format\": \"auto\", \"t_max_predict_ms\": -1, \"n_cmpl\": 1, \"n_keep\": 0",
        "\"t_max_predict_ms\": 0, \"watermark\": false, \"top_n_tokens\": 0, \"seed\": -1",
        "\"truncate_prompt_tokens\": 9223372036854775807, \"extra_body\": {}",
        "\"bootstrap_room\": 5, \"routed_dp_rank\": 0, \"return_meta_info\": false",
        "\"structured_outputs\": {\"choice\": [\"a\"], \"disable_any_whitespace\": true}",
        "\"allowed_token_ids\": [5.0, 6.0], \"response_format\": {}, \"json_schema\": null",
        "\"seed\": 9223372036854775807, \"n\": 2, \"top_p\": 0"
      })
  void whatAsksForNothingIsTaken(String fields) throws Exception {
    ok(rig.post(CHAT, Rig.chatBody(", " + fields)));
  }

  /** vLLM's SamplingParams and llama.cpp's server: -1 is as if there were none. */
  @Test
  void aSeedOfMinusOneIsAny() throws Exception {
    complete("\"prompt\": \"a\", \"seed\": -1");
    assertThat(asked().seed()).isNull();
    complete("\"prompt\": \"a\", \"seed\": -2");
    assertThat(asked().seed()).isEqualTo(-2);
  }

  @Test
  void theModelMayBeLeftOut() throws Exception {
    assertThat(complete("\"prompt\": \"a\"").at("/model").asString()).isEqualTo("demo");
  }

  @Test
  void manyStopStringsAreTaken() throws Exception {
    String stops =
        java.util.stream.IntStream.range(0, 300)
            .mapToObj(i -> "\"#" + i + "\"")
            .collect(Collectors.joining(", "));
    assertThat(
            complete("\"prompt\": \"a\", \"stop\": [" + stops + ", \" two\"]")
                .at("/choices/0/text")
                .asString())
        .isEqualTo(" 🙂 one");
  }

  @Test
  void stopStringsWaitForTheMinimumAsEndTokensDo() throws Exception {
    int least = rig.tokens(" 🙂 one").size();
    String body = "\"prompt\": \"a\", \"stop\": \"o\", \"min_tokens\": ";
    assertThat(complete(body + 0).at("/choices/0/text").asString()).isEqualTo(" 🙂 ");
    assertThat(complete(body + least).at("/choices/0/text").asString()).isEqualTo(" 🙂 one tw");
  }

  /** OpenAI's reference: all other chunks have the field, with null. */
  @Test
  void chunksBeforeTheUsageSayThatItIsNull() throws Exception {
    String body = ", \"stream\": true, \"stream_options\": {\"include_usage\": true}";
    List<JsonNode> events = Rig.events(rig.post(CHAT, Rig.chatBody(body)).body());
    assertThat(events).allMatch(e -> e.has("usage"));
    assertThat(events.stream().filter(e -> !e.get("usage").isNull())).hasSize(1);
    List<JsonNode> without = Rig.events(rig.post(CHAT, Rig.chatBody(", \"stream\": true")).body());
    assertThat(without).noneMatch(e -> e.has("usage"));
  }

  @Test
  void halfACharacterNeverComesBack() throws Exception {
    assertThat(
            complete("\"prompt\": \"x\\ud83d\", \"echo\": true, \"max_tokens\": 0")
                .at("/choices/0/text")
                .asString())
        .isEqualTo("x\uFFFD");
    String model = "a".repeat(39) + "🙂";
    HttpResponse<String> refused =
        rig.post(COMPLETION, "{\"prompt\": \"a\", \"n\": \"" + model + "\"}");
    assertThat(refused.body()).contains("a".repeat(39) + "…'");
    HttpResponse<String> unknown =
        rig.post(COMPLETION, "{\"prompt\": \"a\", \"model\": \"\\ude42\"}");
    assertThat(unknown.statusCode()).isEqualTo(404);
  }

  /** Who templates for himself sends special tokens on purpose; vLLM and transformers agree. */
  @Test
  void specialTokensOfARawPromptAreSpecialUnlessItSaysOtherwise() throws Exception {
    String prompt = "\"prompt\": \"hi" + Rig.END + "\"";
    complete(prompt);
    assertThat(last().prompt()).endsWith(rig.end());
    complete(prompt + ", \"parse_special\": false");
    assertThat(last().prompt()).doesNotContain(rig.end());
    JsonNode tokens = ok(rig.post("/tokenize", "{" + prompt + "}")).at("/tokens");
    assertThat(tokens.get(tokens.size() - 1).intValue()).isEqualTo(rig.end());
    assertThat(ok(rig.post("/tokenize", "{\"prompt\": \"\"}")).at("/tokens").size()).isZero();
  }
}
