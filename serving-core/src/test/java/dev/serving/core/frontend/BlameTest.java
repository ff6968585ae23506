package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.blame.StepBuffer;
import dev.serving.blame.StepKey;
import dev.serving.blame.StepPart;
import dev.serving.core.config.ApiKeys;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Who is told why a request was slow, and of whom. */
class BlameTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String ONE = "Bearer first-key";
  private static final String OTHER = "Bearer second-key";

  private static Rig keyed() throws Exception {
    ApiKeys keys = ApiKeys.of(List.of("first-key", "second-key"));
    return new Rig(c -> c.apiKeys(keys)).ready();
  }

  private static JsonNode blame(Rig rig, String query, String key) throws Exception {
    HttpRequest request = rig.request("/blame" + query).header("authorization", key).build();
    String body = rig.client.send(request, BodyHandlers.ofString()).body();
    return Rig.JSON.readTree(body).path("requests");
  }

  private static String id(HttpResponse<?> answer) {
    return answer.headers().firstValue("x-request-id").orElseThrow();
  }

  /** Accounts come some moments after the last byte. */
  private static JsonNode account(Rig rig, String id, String key) {
    return Awaitility.await()
        .until(() -> blame(rig, "?request=" + id, key), found -> !found.isEmpty())
        .get(0);
  }

  @Test
  void eachKeyHearsOfItsOwnRequestsAlone() throws Exception {
    try (Rig rig = keyed()) {
      String id = id(rig.post(CHAT, Rig.chatBody(""), "authorization", ONE));
      JsonNode own = account(rig, id, ONE);
      assertThat(own.path("id").asString()).isEqualTo(id);
      assertThat(blame(rig, "", ONE)).hasSize(1);
      assertThat(blame(rig, "?request=" + id, OTHER)).isEmpty();
      assertThat(blame(rig, "?request=" + own.path("trace_id").asString(), OTHER)).isEmpty();
      assertThat(blame(rig, "?slowest=100", OTHER)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ONE, OTHER})
  void whoSharedAStepIsNamedOnlyToTheHolderOfItsKey(String key) throws Exception {
    try (Rig rig = keyed()) {
      rig.engine().running = false;
      CompletableFuture<HttpResponse<String>> asked = ask(rig, ONE);
      CompletableFuture<HttpResponse<String>> neighbour = ask(rig, key);
      Awaitility.await().until(() -> rig.engine().generates.size() == 2);
      rig.engine().notes = sharedStep(rig);
      Awaitility.await().until(() -> rig.engine().notes == null);
      rig.engine().running = true;
      JsonNode account = account(rig, id(asked.join()), ONE);
      String its = id(neighbour.join());
      JsonNode who = account.at("/total/culprits/0");
      assertThat(who.path("cause").asString()).isEqualTo("others.prefill");
      assertThat(who.path("amount").asInt()).isEqualTo(100);
      assertThat(who.path("prompt_tokens").asInt()).isPositive();
      assertThat(who.has("request")).isEqualTo(key.equals(ONE));
      assertThat(who.has("trace_id")).isEqualTo(key.equals(ONE));
      assertThat(account.toString().contains(its)).isEqualTo(key.equals(ONE));
    }
  }

  private static CompletableFuture<HttpResponse<String>> ask(Rig rig, String key) throws Exception {
    int before = rig.engine().generates.size();
    HttpClient client = rig.client;
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            rig.posting(CHAT, Rig.chatBody(""), "authorization", key), BodyHandlers.ofString());
    Awaitility.await().until(() -> rig.engine().generates.size() > before);
    return answer;
  }

  /** A step from now on, with one row of the first request and a hundred of the second's prompt. */
  private static byte[] sharedStep(Rig rig) {
    long now = System.nanoTime();
    StepBuffer buffer = new StepBuffer();
    buffer.begin(1, now, now, now + 1_000_000, now + 1_000_000);
    buffer.queue(0, 0, 0);
    buffer.rank(1_000_000, 0, 0);
    long first = StepKey.of(rig.engine().generates.get(0).rid());
    long second = StepKey.of(rig.engine().generates.get(1).rid());
    buffer.part(first, StepPart.pack(false, false, 1, 0, 1));
    buffer.part(second, StepPart.pack(true, false, 100, 0, 1));
    buffer.admitted(first, now);
    buffer.end();
    return buffer.take();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?slowest=0", "?slowest=101", "?slowest=x", "?what=1", "?slowest="})
  void whatCannotBeAskedIsRefused(String query) throws Exception {
    try (Rig rig = new Rig().ready()) {
      HttpResponse<String> answer = rig.get("/blame" + query);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("?request=ID").contains("?slowest=N");
    }
  }

  @Test
  void asManyOfTheSlowestAsAreAskedForComeSlowestFirst() throws Exception {
    try (Rig rig = new Rig().ready()) {
      for (int i = 0; i < 4; i++) {
        account(rig, id(rig.post(CHAT, Rig.chatBody(""))), ONE);
      }
      JsonNode three = blame(rig, "?slowest=3", ONE);
      assertThat(three).hasSize(3);
      List<Long> times = three.valueStream().map(r -> r.at("/total/ns").asLong()).toList();
      assertThat(times).isSortedAccordingTo((a, b) -> Long.compare(b, a));
      assertThat(blame(rig, "?request=nobody", ONE)).isEmpty();
    }
  }
}
