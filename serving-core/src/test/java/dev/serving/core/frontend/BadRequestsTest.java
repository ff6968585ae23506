package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What a client is told whose request cannot be served: a status, the parameter, no 5xx. */
class BadRequestsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static Rig rig;

  @BeforeAll
  static void start() throws Exception {
    rig = new Rig().ready();
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  private static void refused(HttpResponse<String> response, int status, String param) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    JsonNode error = Rig.JSON.readTree(response.body()).at("/error");
    assertThat(error.at("/message").asString()).isNotBlank();
    assertThat(error.at("/type").asString()).isNotBlank();
    assertThat(error.has("code")).isTrue();
    assertThat(error.at("/param").asString(null)).isEqualTo(param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          400 | stream                       | "stream": "yes"
          400 | n                            | "n": 0
          400 | n                            | "n": 1.5
          400 | n                            | "n": 1000000
          400 | temperature                  | "temperature": "hot"
          400 | temperature                  | "temperature": 2.1
          400 | temperature                  | "temperature": -1
          400 | top_p                        | "top_p": [1]
          400 | top_k                        | "top_k": -2
          400 | min_p                        | "min_p": 1.5
          400 | repetition_penalty           | "repetition_penalty": 0
          400 | presence_penalty             | "presence_penalty": 3
          400 | frequency_penalty            | "frequency_penalty": true
          400 | max_tokens                   | "max_tokens": 0
          400 | max_tokens                   | "max_tokens": 99999999999
          400 | max_completion_tokens        | "max_completion_tokens": -5
          400 | min_tokens                   | "min_tokens": 5, "max_tokens": 2
          400 | seed                         | "seed": "x"
          400 | seed                         | "seed": 99999999999999999999
          400 | stop                         | "stop": 5
          400 | stop[1]                      | "stop": ["a", ""]
          400 | stop[0]                      | "stop": [7]
          400 | stop_token_ids[0]            | "stop_token_ids": [-1]
          400 | stop_token_ids               | "stop_token_ids": [99999]
          400 | logit_bias                   | "logit_bias": {"x": 1}
          400 | logit_bias                   | "logit_bias": {"99999": 1}
          400 | logit_bias.5                 | "logit_bias": {"5": 101}
          400 | logprobs                     | "logprobs": 3
          400 | top_logprobs                 | "top_logprobs": 3
          400 | top_logprobs                 | "logprobs": true, "top_logprobs": 21
          400 | stream_options               | "stream": true, "stream_options": 1
          400 | stream_options.include_usage | "stream": true, "stream_options": {"include_usage": 1}
          400 | user                         | "user": {"id": 1}
          400 | metadata                     | "metadata": "m"
          400 | metadata.k                   | "metadata": {"k": 1}
          400 | tools                        | "tools": "hammer"
          400 | tools[0].type                | "tools": [{}]
          400 | priority                     | "priority": 1e99
          422 | response_format.type         | "response_format": {"type": "json_object"}
          422 | tool_choice                  | "tool_choice": "required"
          422 | modalities                   | "modalities": ["text", "audio"]
          400 | skip_special_tokens          | "skip_special_tokens": "no"
          """)
  void aFieldOfAChatThatCannotBe(int status, String param, String fields) throws Exception {
    refused(rig.post(CHAT, Rig.chatBody(", " + fields)), status, param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          400 | model               | {"model": 5, "messages": [{"role": "user", "content": "a"}]}
          404 | model               | {"model": "x", "messages": [{"role": "user", "content": "a"}]}
          400 | messages            | {"model": "demo"}
          400 | messages            | {"model": "demo", "messages": []}
          400 | messages            | {"model": "demo", "messages": {}}
          400 | messages[0]         | {"model": "demo", "messages": ["hi"]}
          400 | messages[0].role    | {"model": "demo", "messages": [{"content": "a"}]}
          400 | messages[0].content | {"model": "demo", "messages": [{"role": "user", "content": 1}]}
          422 | messages[0].content[0].type | {"model": "demo", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}
          """)
  void aChatThatCannotBe(int status, String param, String body) throws Exception {
    refused(rig.post(CHAT, body), status, param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          400 | prompt       | {"model": "demo"}
          400 | prompt       | {"model": "demo", "prompt": ""}
          400 | prompt       | {"model": "demo", "prompt": []}
          400 | prompt       | {"model": "demo", "prompt": {"a": 1}}
          400 | prompt       | {"model": "demo", "prompt": ["a", ""]}
          400 | prompt[1]    | {"model": "demo", "prompt": ["a", 5]}
          400 | prompt[1]    | {"model": "demo", "prompt": [1, -2]}
          400 | prompt[0][1] | {"model": "demo", "prompt": [[1, 2.5]]}
          400 | prompt       | {"model": "demo", "prompt": [99999]}
          400 | logprobs     | {"model": "demo", "prompt": "a", "logprobs": true}
          422 | suffix       | {"model": "demo", "prompt": "a", "suffix": "b"}
          422 | best_of      | {"model": "demo", "prompt": "a", "best_of": 3}
          """)
  void aCompletionThatCannotBe(int status, String param, String body) throws Exception {
    refused(rig.post("/v1/completions", body), status, param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      emptyValue = "",
      textBlock =
          """
          ``
          {
          []
          "text"
          null
          {"model": "demo",}
          {"model": "demo"} {"again": 1}
          {"model": NaN}
          """)
  void aBodyThatIsNoJsonObject(String body) throws Exception {
    refused(rig.post(CHAT, body == null ? "" : body), 400, null);
  }

  @Test
  void aBodyThatIsTooDeep() throws Exception {
    refused(rig.post(CHAT, "[".repeat(100_000)), 400, null);
  }

  @Test
  void aPromptThatIsTooLong() throws Exception {
    String body =
        "{\"model\": \"demo\", \"prompt\": \"%s\"}".formatted("many different words ".repeat(400));
    HttpResponse<String> response = rig.post("/v1/completions", body);
    refused(response, 400, "prompt");
    assertThat(Rig.JSON.readTree(response.body()).at("/error/code").asString())
        .isEqualTo("context_length_exceeded");
  }

  @Test
  void aPathOrMethodThatIsNotServed() throws Exception {
    refused(rig.get("/v2/chat"), 404, null);
    refused(rig.get("/v1/models/other"), 404, "model");
    refused(rig.get(CHAT), 405, null);
    refused(rig.post("/health", "{}"), 405, null);
  }

  @Test
  void aBodyThatIsNotJsonByItsOwnAccount() throws Exception {
    var plain =
        rig.request(CHAT)
            .header("content-type", "text/plain")
            .POST(BodyPublishers.ofString(Rig.chatBody("")));
    refused(rig.client.send(plain.build(), BodyHandlers.ofString()), 415, null);
    var untyped = rig.request(CHAT).POST(BodyPublishers.ofString(Rig.chatBody("")));
    refused(rig.client.send(untyped.build(), BodyHandlers.ofString()), 415, null);
    var zipped =
        rig.request(CHAT)
            .headers("content-type", "application/json", "content-encoding", "gzip")
            .POST(BodyPublishers.ofString("x"));
    refused(rig.client.send(zipped.build(), BodyHandlers.ofString()), 415, null);
    var latin =
        rig.request(CHAT)
            .header("content-type", "application/json; charset=iso-8859-1")
            .POST(BodyPublishers.ofString(Rig.chatBody("")));
    refused(rig.client.send(latin.build(), BodyHandlers.ofString()), 415, null);
  }

  @Test
  void aGoodRequestStillWorks() throws Exception {
    assertThat(rig.post(CHAT, Rig.chatBody("")).statusCode()).isEqualTo(200);
  }
}
