package dev.serving.core.frontend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.ApiKeys;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** This shows that nobody who takes all places of a server keeps another client out of it. */
class GreedyClientTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String GREEDY = "greedy-one";
  private static final String MODEST = "modest-one";
  private Rig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new Rig(c -> c.apiKeys(ApiKeys.of(List.of(GREEDY, MODEST))).maxRequests(3)).ready();
    rig.engine().running = false;
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private CompletableFuture<HttpResponse<String>> ask(String key, String more) {
    return rig.client.sendAsync(
        rig.posting(CHAT, Rig.chatBody(more), "authorization", "Bearer " + key),
        BodyHandlers.ofString());
  }

  /** Asks so that it is with the engine before this returns. */
  private CompletableFuture<HttpResponse<String>> asked(String key, String more) {
    int before = rig.engine().generates.size();
    CompletableFuture<HttpResponse<String>> answer = ask(key, more);
    Awaitility.await().until(() -> rig.engine().generates.size() > before);
    return answer;
  }

  private static void assertTurnedAway(CompletableFuture<HttpResponse<String>> answer) {
    assertThat(answer.join().statusCode()).isEqualTo(429);
    assertThat(answer.join().headers().firstValue("retry-after")).hasValue("1");
  }

  private static void assertServed(CompletableFuture<HttpResponse<String>> answer) {
    assertThat(answer.join().statusCode()).isEqualTo(200);
    assertThat(answer.join().body()).contains("Hello").doesNotContain("too_many_requests");
  }

  @Test
  void theNewestOfWhoHasMostMakesWay() {
    var first = asked(GREEDY, "");
    var second = asked(GREEDY, "");
    var third = asked(GREEDY, "");
    assertTurnedAway(ask(GREEDY, "")); // alone he may have all, and no more
    var modest = asked(MODEST, "");
    assertTurnedAway(third);
    Awaitility.await().until(() -> rig.engine().cancels.size() == 1);
    assertTurnedAway(ask(MODEST, "")); // with two of three he would be the greedy one
    rig.engine().running = true;
    assertServed(first);
    assertServed(second);
    assertServed(modest);
    assertThat(rig.spans(6))
        .filteredOn(s -> s.getStatus().getDescription().equals("others' turn"))
        .isNotEmpty();
  }

  @Test
  void whatHasBegunToBeAnsweredIsNotCutOff() throws Exception {
    rig.engine().pauseAfter = 1;
    List<HttpResponse<InputStream>> streams = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      streams.add(rig.client.send(stream(), BodyHandlers.ofInputStream())); // its head is there
    }
    assertTurnedAway(ask(MODEST, ""));
    rig.engine().running = true;
    for (HttpResponse<InputStream> stream : streams) {
      assertThat(new String(stream.body().readAllBytes(), UTF_8)).endsWith("data: [DONE]\n\n");
    }
    // A place is free when its request is over, a moment after the last byte.
    Awaitility.await().untilAsserted(() -> assertServed(ask(MODEST, "")));
  }

  private HttpRequest stream() {
    String body = Rig.chatBody(", \"stream\": true");
    return rig.posting(CHAT, body, "authorization", "Bearer " + GREEDY);
  }
}
