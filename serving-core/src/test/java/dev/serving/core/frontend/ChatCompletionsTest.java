package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.message.EngineMessage.Generate;
import dev.serving.core.message.FinishReason;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What {@code /v1/chat/completions} answers. */
class ChatCompletionsTest {
  private static Rig rig;

  @BeforeAll
  static void start() throws Exception {
    rig = new Rig().ready();
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @Test
  void aWholeAnswerHasTextReasonAndUsage() throws Exception {
    JsonNode answer = rig.chat("");
    assertThat(answer.at("/object").asString()).isEqualTo("chat.completion");
    assertThat(answer.at("/model").asString()).isEqualTo("demo");
    assertThat(answer.at("/choices/0/message/role").asString()).isEqualTo("assistant");
    assertThat(answer.at("/choices/0/message/content").asString()).isEqualTo(Rig.ANSWER);
    assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
    int prompt = answer.at("/usage/prompt_tokens").intValue();
    int completion = answer.at("/usage/completion_tokens").intValue();
    assertThat(completion).isEqualTo(rig.tokens(Rig.ANSWER).size() + 1); // and the one that ends it
    assertThat(answer.at("/usage/total_tokens").intValue()).isEqualTo(prompt + completion);
    assertThat(answer.at("/usage/prompt_tokens_details/cached_tokens").intValue()).isEqualTo(3);
  }

  @Test
  void theTemplateMakesThePromptThatTheEngineGets() throws Exception {
    rig.chat("");
    Generate last = rig.engine().generates.get(rig.engine().generates.size() - 1);
    assertThat(last.prompt()).contains(rig.tokens("Hi").get(0));
    assertThat(rig.text(last.prompt())).contains("user\nHi").endsWith("assistant\n");
  }

  @Test
  void aStreamAddsUpToTheAnswer() throws Exception {
    HttpResponse<String> response =
        rig.post("/v1/chat/completions", Rig.chatBody(", \"stream\": true"));
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("text/event-stream");
    List<JsonNode> events = Rig.events(response.body());
    assertThat(events.get(0).at("/choices/0/delta/role").asString()).isEqualTo("assistant");
    assertThat(events).allMatch(e -> e.at("/object").asString().equals("chat.completion.chunk"));
    assertThat(events.stream().map(e -> e.at("/id").asString()).distinct()).hasSize(1);
    assertThat(
            events.stream()
                .map(e -> e.at("/choices/0/delta/content").asString(""))
                .collect(Collectors.joining()))
        .isEqualTo(Rig.ANSWER);
    JsonNode last = events.get(events.size() - 1);
    assertThat(last.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
    assertThat(last.has("usage")).isFalse();
  }

  @Test
  void aStreamEndsWithTheUsageWhenAskedFor() throws Exception {
    String more = ", \"stream\": true, \"stream_options\": {\"include_usage\": true}";
    List<JsonNode> events = Rig.events(rig.post("/v1/chat/completions", Rig.chatBody(more)).body());
    JsonNode last = events.get(events.size() - 1);
    assertThat(last.at("/choices").size()).isZero();
    assertThat(last.at("/usage/completion_tokens").intValue())
        .isEqualTo(rig.tokens(Rig.ANSWER).size() + 1); // and the one that ends it
  }

  @Test
  void severalChoicesAreSequencesOfTheirOwn() throws Exception {
    int before = rig.engine().generates.size();
    JsonNode answer = rig.chat(", \"n\": 3, \"seed\": 7");
    assertThat(answer.at("/choices").size()).isEqualTo(3);
    List<Generate> sent = rig.engine().generates.subList(before, before + 3);
    assertThat(sent.stream().map(g -> g.sampling().seed())).containsExactly(7L, 8L, 9L);
    String id = answer.at("/id").asString();
    assertThat(sent.stream().map(Generate::rid)).containsExactly(id + "-0", id + "-1", id + "-2");
  }

  @Test
  void severalChoicesShareOneStream() throws Exception {
    List<JsonNode> events =
        Rig.events(
            rig.post("/v1/chat/completions", Rig.chatBody(", \"stream\": true, \"n\": 2")).body());
    for (int index = 0; index < 2; index++) {
      int wanted = index;
      assertThat(
              events.stream()
                  .map(e -> e.at("/choices/0"))
                  .filter(c -> c.at("/index").intValue() == wanted)
                  .map(c -> c.at("/delta/content").asString(""))
                  .collect(Collectors.joining()))
          .isEqualTo(Rig.ANSWER);
    }
  }

  @Test
  void aStopStringEndsTheTextAndTheEngineLetsGo() throws Exception {
    JsonNode answer = rig.chat(", \"stop\": [\", with\"]");
    assertThat(answer.at("/choices/0/message/content").asString())
        .isEqualTo("Hello from the engine");
    assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
    String rid = answer.at("/id").asString();
    Awaitility.await()
        .until(
            () ->
                rig.engine().cancels.stream()
                    .anyMatch(c -> c.rid().equals(rid) && c.reason() == FinishReason.STOP));
  }

  @Test
  void theTokenLimitEndsTheText() throws Exception {
    JsonNode answer = rig.chat(", \"max_completion_tokens\": 3");
    assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("length");
    assertThat(answer.at("/usage/completion_tokens").intValue()).isEqualTo(3);
  }

  @Test
  void logprobsNameTheTokens() throws Exception {
    JsonNode answer = rig.chat(", \"logprobs\": true, \"top_logprobs\": 1, \"max_tokens\": 2");
    JsonNode content = answer.at("/choices/0/logprobs/content");
    assertThat(content.size()).isEqualTo(2);
    assertThat(content.at("/0/logprob").doubleValue()).isEqualTo(-0.5);
    assertThat(content.at("/0/top_logprobs/0/token").asString())
        .isEqualTo(content.at("/0/token").asString());
    assertThat(content.at("/0/bytes").size()).isPositive();
  }

  @Test
  void samplingReachesTheEngine() throws Exception {
    rig.chat(", \"temperature\": 0.25, \"top_k\": -1, \"min_p\": 0.1, \"logit_bias\": {\"5\": 2}");
    Generate last = rig.engine().generates.get(rig.engine().generates.size() - 1);
    assertThat(last.sampling().temperature()).isEqualTo(0.25f);
    assertThat(last.sampling().topK()).isZero();
    assertThat(last.sampling().topP()).isEqualTo(0.9f); // the model's own recommendation
    assertThat(last.sampling().logitBias()).containsEntry(5, 2f);
  }

  @Test
  void unknownFieldsAndPartsOfTextAreAccepted() throws Exception {
    String body =
        """
        {"model": "demo", "service_tier": "auto", "user": "ann", "frobnicate": {"a": [1]},
         "metadata": {"session_id": "s-1"},
         "messages": [{"role": "developer", "content": "Be brief."},
           {"role": "user", "content": [{"type": "text", "text": "Hi"},
             {"type": "text", "text": "there"}]}]}
        """;
    assertThat(rig.post("/v1/chat/completions", body).statusCode()).isEqualTo(200);
    Generate last = rig.engine().generates.get(rig.engine().generates.size() - 1);
    assertThat(rig.text(last.prompt())).contains("developer\nBe brief.").contains("Hi\nthere");
  }

  @Test
  void answersCarryTheirIds() throws Exception {
    HttpResponse<String> response = rig.post("/v1/chat/completions", Rig.chatBody(""));
    assertThat(response.headers().firstValue("x-request-id").orElse("")).startsWith("chatcmpl-");
    assertThat(response.headers().firstValue("x-trace-id").orElse("")).hasSize(32);
    HttpResponse<String> named =
        rig.post("/v1/chat/completions", Rig.chatBody(""), "x-request-id", "mine-1");
    assertThat(named.headers().firstValue("x-request-id")).hasValue("mine-1");
  }
}
