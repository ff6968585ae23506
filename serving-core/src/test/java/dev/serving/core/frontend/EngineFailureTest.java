package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.config.EnginesConfig;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.config.ListenConfig;
import dev.serving.core.frontend.engines.EngineLauncher;
import dev.serving.core.frontend.engines.EngineStartException;
import dev.serving.trace.Tracing;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** An engine that dies, hangs or never comes: its clients are told, the others notice nothing. */
class EngineFailureTest {
  private static final String CHAT = "/v1/chat/completions";

  private static final Duration MOMENT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofMinutes(1);

  private static Rig rig(int engines) {
    return rig(EnginesConfig.DEFAULT.withCount(engines).withSilence(LONG), MOMENT);
  }

  private static Rig rig(EnginesConfig engines, Duration restart) {
    return new Rig(c -> c.engines(engines.withRestarts(restart, restart.multipliedBy(2))));
  }

  private static void hold(ScriptedEngine engine) {
    engine.pauseAfter = 2;
    engine.running = false;
  }

  private static CompletableFuture<HttpResponse<String>> start(Rig rig) {
    return rig.client.sendAsync(rig.posting(CHAT, Rig.chatBody("")), BodyHandlers.ofString());
  }

  @Test
  void withoutAnEngineNothingIsServed() throws Exception {
    EngineLauncher never =
        (rank, address, identity) -> {
          throw new IOException("no such program");
        };
    try (Frontend frontend =
        Frontend.start(
            FrontendConfig.builder("demo").listen(ListenConfig.DEFAULT.withPort(0)).build(),
            Rig.DEPLOYMENT,
            Rig.CHECKPOINT,
            Tracing.noop(),
            never)) {
      var client = HttpClient.newHttpClient();
      var uri = frontend.uri().resolve("/ready");
      Awaitility.await()
          .untilAsserted(
              () -> {
                var response =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(response.body()).contains("no such program");
              });
      assertThatThrownBy(() -> frontend.ready().toCompletableFuture().get(20, TimeUnit.SECONDS))
          .as("what fails twice the same way and never served")
          .hasCauseInstanceOf(EngineStartException.class)
          .hasMessageContaining("no such program");
    }
  }

  @Test
  void anEngineThatServedIsStartedAnewAtOnce() throws Exception {
    try (Rig rig = rig(EnginesConfig.DEFAULT.withSilence(LONG), LONG).ready()) {
      for (int restarts = 1; restarts <= 3; restarts++) {
        int now = restarts;
        rig.engine().die();
        Awaitility.await().until(() -> restarts(rig) == now && ready(rig));
      }
    }
  }

  private static boolean ready(Rig rig) throws Exception {
    return rig.get("/ready").statusCode() == 200;
  }

  private static int restarts(Rig rig) throws Exception {
    return Rig.JSON.readTree(rig.get("/ready").body()).at("/engines/0/restarts").intValue();
  }

  @Test
  void aDeadEngineFailsItsRequestsAndTheNextOneServes() throws Exception {
    try (Rig rig = rig(1).ready()) {
      hold(rig.engine());
      CompletableFuture<HttpResponse<String>> answer = start(rig);
      Awaitility.await().until(() -> !rig.engines.get(0).generates.isEmpty());
      rig.engine().die();
      HttpResponse<String> response = answer.get(20, TimeUnit.SECONDS);
      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).contains("ended with exit code 137");
      Awaitility.await().until(() -> rig.get("/ready").statusCode() == 200);
      assertThat(rig.post(CHAT, Rig.chatBody("")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aSilentEngineIsEndedAndStartedAnew() throws Exception {
    EnginesConfig impatient = EnginesConfig.DEFAULT.withSilence(Duration.ofMillis(300));
    try (Rig rig = rig(impatient, MOMENT).ready()) {
      hold(rig.engine());
      CompletableFuture<HttpResponse<String>> answer = start(rig);
      Awaitility.await().until(() -> !rig.engines.get(0).generates.isEmpty());
      rig.engines.get(0).mute = true;
      HttpResponse<String> response = answer.get(20, TimeUnit.SECONDS);
      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).contains("is stuck");
      Awaitility.await().until(() -> rig.get("/ready").statusCode() == 200);
      assertThat(rig.engines).hasSize(2);
      assertThat(rig.engines.get(0).isAlive()).isFalse();
    }
  }

  @Test
  void theOtherRanksRequestsNeverNotice() throws Exception {
    try (Rig rig = rig(2).ready()) {
      rig.engines.forEach(EngineFailureTest::hold);
      List<CompletableFuture<HttpResponse<String>>> answers =
          List.of(start(rig), start(rig), start(rig), start(rig), start(rig), start(rig));
      Awaitility.await()
          .until(() -> rig.engines.stream().mapToInt(e -> e.generates.size()).sum() == 6);
      ScriptedEngine dead = rig.engines.get(0);
      int lost = dead.generates.size();
      dead.die();
      rig.engines.get(1).running = true;
      int failed = 0;
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        failed += answer.get(20, TimeUnit.SECONDS).statusCode() == 500 ? 1 : 0;
      }
      assertThat(failed).isEqualTo(lost).isBetween(1, 5);
    }
  }

  @Test
  void requestsGoWhereTheirBeginningIsKnown() throws Exception {
    try (Rig rig = rig(2).ready()) {
      for (int i = 0; i < 4; i++) {
        for (String topic : List.of("winter ", "summer ", "autumn ")) {
          String prompt = topic.repeat(60) + i;
          String body = "{\"model\": \"demo\", \"prompt\": \"" + prompt + "\", \"max_tokens\": 2}";
          JsonNode answer = Rig.JSON.readTree(rig.post("/v1/completions", body).body());
          assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("length");
        }
      }
      for (String topic : List.of("winter", "summer", "autumn")) {
        long homes =
            rig.engines.stream()
                .filter(
                    e -> e.generates.stream().anyMatch(g -> rig.text(g.prompt()).contains(topic)))
                .count();
        assertThat(homes).as(topic).isEqualTo(1);
      }
    }
  }
}
