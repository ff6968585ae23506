package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Answers that tell what their time went to, where they are asked to. */
class TimingsTest {
  private static Rig rig;

  @BeforeAll
  static void start() throws Exception {
    rig = new Rig().ready();
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  private static void check(JsonNode timings, int choices) {
    int answered = timings.path("predicted_n").asInt();
    assertThat(answered).isGreaterThan(choices);
    assertThat(timings.path("prompt_n").asInt()).isPositive();
    assertThat(timings.path("cache_n").asInt(-1)).isNotNegative();
    assertThat(timings.path("prompt_ms").asDouble()).isPositive();
    assertThat(timings.path("predicted_ms").asDouble()).isPositive();
    assertThat(timings.path("predicted_per_token_ms").asDouble())
        .isCloseTo(timings.path("predicted_ms").asDouble() / (answered - choices), within(1e-6));
    double sum = timings.path("causes_ms").valueStream().mapToDouble(JsonNode::asDouble).sum();
    assertThat(sum).isCloseTo(timings.path("total_ms").asDouble(), within(1e-6));
    assertThat(timings.path("causes_ms").has(timings.path("top").asString())).isTrue();
    assertThat(timings.path("alone_ms").asDouble())
        .isLessThanOrEqualTo(timings.path("total_ms").asDouble());
  }

  @ParameterizedTest
  @CsvSource({"/v1/chat/completions, 1", "/v1/chat/completions, 3", "/v1/completions, 1"})
  void anAnswerInOnePieceHasThemInItsBodyAndItsHead(String path, int n) throws Exception {
    HttpResponse<String> answer = rig.post(path, body(path, ", \"n\": " + n));
    JsonNode timings = Rig.JSON.readTree(answer.body()).path("timings");
    check(timings, n);
    String header = answer.headers().firstValue("server-timing").orElseThrow();
    List<String> names = List.of(header.split(", ")).stream().map(e -> e.split(";")[0]).toList();
    assertThat(names.get(0)).isEqualTo("total");
    assertThat(names.subList(1, names.size()))
        .containsExactlyElementsOf(timings.path("causes_ms").propertyNames());
    assertThat(header).matches("([\\w.]+;dur=\\d+\\.\\d{3}(, )?)+");
  }

  @ParameterizedTest
  @CsvSource({"/v1/chat/completions, true", "/v1/completions, true", "/v1/completions, false"})
  void aStreamHasThemInItsLastPart(String path, boolean usage) throws Exception {
    String more = ", \"stream\": true, \"stream_options\": {\"include_usage\": " + usage + "}";
    HttpResponse<String> answer = rig.post(path, body(path, more));
    List<JsonNode> events = Rig.events(answer.body());
    JsonNode last = events.get(events.size() - 1);
    check(last.path("timings"), 1);
    assertThat(last.path("choices")).isEmpty();
    assertThat(last.has("usage")).isEqualTo(usage);
    assertThat(events.subList(0, events.size() - 1)).noneMatch(e -> e.has("timings"));
    assertThat(answer.headers().firstValue("server-timing")).isEmpty();
  }

  @Test
  void aTextThatAStopStringEndedHasThemToo() throws Exception {
    String more = ", \"stop\": \"engine\"";
    String path = "/v1/completions";
    JsonNode answer = Rig.JSON.readTree(rig.post(path, body(path, more)).body());
    assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
    check(answer.path("timings"), 1);
  }

  @Test
  void whoDoesNotAskGetsNone() throws Exception {
    HttpResponse<String> answer = rig.post("/v1/chat/completions", Rig.chatBody(""));
    assertThat(answer.body()).doesNotContain("timings");
    assertThat(answer.headers().firstValue("server-timing")).isEmpty();
  }

  private static String body(String path, String more) {
    String all = ", \"timings\": true" + more;
    return path.contains("chat")
        ? Rig.chatBody(all)
        : "{\"model\": \"demo\", \"prompt\": \"Once upon\", \"max_tokens\": 100" + all + "}";
  }
}
