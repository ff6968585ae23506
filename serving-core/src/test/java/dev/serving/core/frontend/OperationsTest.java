package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.message.TracingLevels;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What operators ask: models, tokens, metrics, and what is traced. */
class OperationsTest {
  private static final String CHAT = "/v1/chat/completions";
  private Rig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new Rig().ready();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private HttpResponse<String> put(String json) throws Exception {
    return rig.client.send(
        rig.request("/tracing")
            .header("content-type", "application/json")
            .PUT(BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void theModelIsListed() throws Exception {
    JsonNode list = Rig.JSON.readTree(rig.get("/v1/models").body());
    assertThat(list.at("/data/0/id").asString()).isEqualTo("demo");
    assertThat(list.at("/data/0/max_model_len").intValue()).isEqualTo(512);
    assertThat(Rig.JSON.readTree(rig.get("/v1/models/demo").body()).at("/object").asString())
        .isEqualTo("model");
    assertThat(rig.get("/version").statusCode()).isEqualTo(200);
  }

  @Test
  void textBecomesTokensAndTextAgain() throws Exception {
    JsonNode tokens =
        Rig.JSON.readTree(
            rig.post("/tokenize", "{\"prompt\": \"Hello wörld\", \"return_token_strs\": true}")
                .body());
    assertThat(tokens.at("/count").intValue()).isEqualTo(tokens.at("/tokens").size()).isPositive();
    assertThat(tokens.at("/token_strs").size()).isEqualTo(tokens.at("/count").intValue());
    String back = "{\"tokens\": " + tokens.at("/tokens") + "}";
    assertThat(Rig.JSON.readTree(rig.post("/detokenize", back).body()).at("/prompt").asString())
        .isEqualTo("Hello wörld");
  }

  @Test
  void aConversationBecomesTheTokensThatAnEngineWouldGet() throws Exception {
    JsonNode tokens = Rig.JSON.readTree(rig.post("/tokenize", Rig.chatBody("")).body());
    rig.chat("");
    int[] sent = rig.engine().generates.get(0).prompt();
    assertThat(tokens.at("/tokens").toString().replace(" ", ""))
        .isEqualTo(Arrays.toString(sent).replace(" ", ""));
  }

  @Test
  void wrongTokensAreRefused() throws Exception {
    assertThat(rig.post("/detokenize", "{\"tokens\": [99999]}").statusCode()).isEqualTo(400);
    assertThat(rig.post("/detokenize", "{\"tokens\": \"x\"}").statusCode()).isEqualTo(400);
    assertThat(rig.post("/detokenize", "{}").statusCode()).isEqualTo(400);
    assertThat(rig.post("/tokenize", "{\"prompt\": 1}").statusCode()).isEqualTo(400);
    assertThat(rig.post("/tokenize", "{\"prompt\": \"a\", \"model\": \"x\"}").statusCode())
        .isEqualTo(404);
  }

  @Test
  void metricsCountWhatHappened() throws Exception {
    rig.chat(", \"max_tokens\": 5");
    rig.post(CHAT, Rig.chatBody(", \"n\": 0"));
    rig.spans(2);
    String text = rig.get("/metrics").body();
    assertThat(text)
        .contains("gen_ai_server_request_duration_seconds_bucket{error_type=\"\"")
        .contains("le=\"81.92\"")
        .contains("gen_ai_server_time_to_first_token_seconds_count")
        .contains("gen_ai_server_time_per_output_token_seconds_count")
        .contains("serving_inter_token_latency_seconds_count{model=\"demo\"} 4")
        .contains("serving_tokens_total{kind=\"output\",model=\"demo\"} 5.0")
        .contains("serving_requests_finished_total{ending=\"answered\",model=\"demo\"} 1.0")
        .contains("serving_requests_finished_total{ending=\"invalid_value\",model=\"demo\"} 1.0")
        .contains("serving_choices_finished_total{finish_reason=\"length\",model=\"demo\"} 1.0")
        .contains("serving_request_output_tokens_sum{model=\"demo\"} 5.0")
        .contains("serving_request_max_tokens_sum{model=\"demo\"} 5.0")
        .contains("serving_engine_up{dp_rank=\"0\",model=\"demo\"} 1.0")
        .contains("serving_kv_blocks{dp_rank=\"0\",model=\"demo\"} 64.0")
        .contains("serving_spans_made_total{process=\"frontend\"}")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void openMetricsAreThereForWhoAsks() throws Exception {
    HttpResponse<String> response =
        rig.client.send(
            rig.request("/metrics").header("accept", "application/openmetrics-text").build(),
            BodyHandlers.ofString());
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(response.body()).endsWith("# EOF\n");
  }

  @Test
  void whatIsTracedCanBeChangedWhileRunning() throws Exception {
    JsonNode before = Rig.JSON.readTree(rig.get("/tracing").body());
    assertThat(before.at("/level").intValue()).isEqualTo(3);
    HttpResponse<String> changed =
        put("{\"level\": 1, \"modules\": [\"frontend\"], \"sample_ratio\": 0.25}");
    JsonNode after = Rig.JSON.readTree(changed.body());
    assertThat(after.at("/level").intValue()).isEqualTo(1);
    assertThat(after.at("/modules/0").asString()).isEqualTo("frontend");
    assertThat(after.at("/sample_ratio").doubleValue()).isEqualTo(0.25);
    TracingLevels sent = new TracingLevels(1, Set.of("frontend"), 0.25);
    Awaitility.await().until(() -> rig.engine().levels.contains(sent));
  }

  @Test
  void aWrongLevelIsRefused() throws Exception {
    assertThat(put("{\"level\": 4}").statusCode()).isEqualTo(400);
    assertThat(put("{\"sample_ratio\": 2}").statusCode()).isEqualTo(400);
    assertThat(put("{\"modules\": [1]}").statusCode()).isEqualTo(400);
  }

  @Test
  void drainingFinishesWhatRuns() throws Exception {
    rig.engine().pauseAfter = 2;
    rig.engine().running = false;
    var answer = rig.client.sendAsync(rig.posting(CHAT, Rig.chatBody("")), BodyHandlers.ofString());
    Awaitility.await().until(() -> rig.engine().generates.size() == 1);
    var drained =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return rig.frontend.drain(Duration.ofSeconds(10));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    rig.engine().running = true;
    assertThat(answer.get().statusCode()).isEqualTo(200);
    assertThat(drained.get()).isTrue();
  }

  @Test
  void drainingEndsWhatTakesTooLong() throws Exception {
    rig.engine().pauseAfter = 2;
    rig.engine().running = false;
    var answer = rig.client.sendAsync(rig.posting(CHAT, Rig.chatBody("")), BodyHandlers.ofString());
    Awaitility.await().until(() -> rig.engine().generates.size() == 1);
    assertThat(rig.frontend.drain(Duration.ofMillis(50))).isFalse();
    assertThat(answer.get().statusCode()).isEqualTo(503);
    assertThat(rig.spans(1)).allMatch(s -> s.hasEnded());
  }
}
