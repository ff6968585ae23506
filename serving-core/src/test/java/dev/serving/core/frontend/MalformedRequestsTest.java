package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Requests that no client should send: each is answered by a 4xx, none by a 5xx. {@code
 * -Dmalformed=10000} of them, by default less.
 */
class MalformedRequestsTest {
  private static final int REQUESTS = Integer.getInteger("malformed", 3_000);
  private static final long SEED = 20260101;
  private static final List<String> FIELDS =
      List.of(
          "model",
          "messages",
          "prompt",
          "n",
          "stream",
          "stop",
          "temperature",
          "top_p",
          "max_tokens",
          "logprobs",
          "logit_bias",
          "seed",
          "tools",
          "metadata",
          "user",
          "stream_options");
  private static final List<String> VALUES =
      List.of(
          "null",
          "-1",
          "1e999",
          "0.5",
          "\"x\"",
          "[]",
          "{}",
          "[[1]]",
          "true",
          "\"\\ud800\"",
          "[null]",
          "{\"a\": {}}",
          "99999999999999999999999",
          "[{\"role\": 1}]",
          "\"demo\"",
          "\"\\u0000\"");

  private final Random random = new Random(SEED);

  @Test
  void eachGetsAnErrorOfTheRightShapeAndTheServerGoesOn() throws Exception {
    try (Rig rig = new Rig(c -> c, false, 512).ready()) {
      for (int i = 0; i < REQUESTS; i++) {
        String request = i % 4 == 0 ? garbage() : brokenBody();
        try (RawClient client = new RawClient(rig.uri("/"))) {
          byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
          assertRefused(request, client.send(bytes).readAll());
        }
      }
      assertThat(rig.post("/v1/chat/completions", Rig.chatBody("")).statusCode()).isEqualTo(200);
      assertThat(rig.engine().generates).hasSize(1);
    }
  }

  private static void assertRefused(String request, String answer) {
    assertThat(answer).as(request).matches("(?s)HTTP/1\\.1 4\\d\\d .*");
    String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
    assertThat(Rig.JSON.readTree(body).at("/error/message").asString("")).as(request).isNotBlank();
  }

  /** Bytes that are no request at all, or one with a broken head. */
  private String garbage() {
    byte[] bytes = new byte[1 + random.nextInt(200)];
    random.nextBytes(bytes);
    String noise = new String(bytes, StandardCharsets.ISO_8859_1).replace('\r', ' ');
    return switch (random.nextInt(4)) {
      case 0 -> noise.replace('\n', ' ') + "\r\n\r\n";
      case 1 ->
          "POST "
              + noise.replaceAll("\\s", "")
              + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      case 2 ->
          "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: "
              + noise.length()
              + "x\r\n\r\n";
      default ->
          "GET /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nBad Header\r\n\r\n";
    };
  }

  /** A whole request whose body is broken JSON, or JSON that means nothing. */
  private String brokenBody() {
    StringBuilder body = new StringBuilder("{\"messages\": 1, \"prompt\": false");
    for (int i = random.nextInt(6); i > 0; i--) {
      body.append(", \"").append(pick(FIELDS)).append("\": ").append(pick(VALUES));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      body.setCharAt(random.nextInt(body.length()), (char) (32 + random.nextInt(200)));
    }
    body.append(", \"prompt\": {}, \"messages\": \"no\"}"); // of two alike, the last one counts
    String cut = body.substring(0, 1 + random.nextInt(body.length()));
    String path = random.nextBoolean() ? "/v1/chat/completions" : "/v1/completions";
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
        + cut.length()
        + "\r\n\r\n"
        + cut;
  }

  private String pick(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
