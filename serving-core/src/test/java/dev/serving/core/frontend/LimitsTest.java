package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.HttpLimits;
import dev.serving.core.message.FinishReason;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What one client may cost, and what happens to it when it costs more. */
class LimitsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(300);

  private static Rig rig(HttpLimits limits) throws Exception {
    return new Rig(c -> c.limits(limits)).ready();
  }

  private static void hold(Rig rig) {
    rig.engine().pauseAfter = 0;
    rig.engine().running = false;
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    try (Rig rig = rig(HttpLimits.builder().bodyBytes(10_000).build())) {
      HttpResponse<String> known =
          rig.post(CHAT, Rig.chatBody(", \"x\": \"%s\"".formatted("y".repeat(20_000_000))));
      assertThat(known.statusCode()).isEqualTo(413);
      assertThat(known.body()).contains("body_too_large");
      String chunk = "4000\r\n" + "z".repeat(0x4000) + "\r\n";
      try (RawClient client = new RawClient(rig.uri("/"))) {
        String head =
            "POST "
                + CHAT
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n";
        assertThat(client.send(head + chunk.repeat(20) + "0\r\n\r\n").readAll())
            .startsWith("HTTP/1.1 413");
      }
      assertThat(rig.spans(2)).hasSize(2);
    }
  }

  @Test
  void headersAndLinesThatAreTooLongAreRefused() throws Exception {
    try (Rig rig = new Rig().ready()) {
      try (RawClient client = new RawClient(rig.uri("/"))) {
        String header = "X-Long: " + "h".repeat(40_000);
        assertThat(client.send(RawClient.post(CHAT, "{}", header)).readAll())
            .startsWith("HTTP/1.1 431");
      }
      try (RawClient client = new RawClient(rig.uri("/"))) {
        assertThat(client.send("GET /" + "l".repeat(10_000) + " HTTP/1.1\r\n\r\n").readAll())
            .startsWith("HTTP/1.1 414");
      }
    }
  }

  @Test
  void aRequestThatDoesNotArriveIsGivenUp() throws Exception {
    try (Rig rig =
        rig(
            HttpLimits.builder()
                .requestTimeout(SHORT)
                .idleTimeout(LONG)
                .writeTimeout(LONG)
                .build())) {
      try (RawClient client = new RawClient(rig.uri("/"))) {
        String whole = RawClient.post(CHAT, Rig.chatBody(""));
        assertThat(client.send(whole.substring(0, whole.length() - 5)).readAll())
            .startsWith("HTTP/1.1 408")
            .contains("request_timeout");
      }
      try (RawClient client = new RawClient(rig.uri("/"))) {
        assertThat(client.send("GET /hea").readAll()).startsWith("HTTP/1.1 408");
      }
    }
  }

  @Test
  void anUnusedConnectionIsClosed() throws Exception {
    HttpLimits limits =
        HttpLimits.builder().requestTimeout(LONG).idleTimeout(SHORT).writeTimeout(LONG).build();
    try (Rig rig = rig(limits)) {
      // A client that is held up before it asks finds the connection closed, as it should.
      Awaitility.await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(
              () -> askOnce(rig), all -> all.startsWith("HTTP/1.1 200") && all.contains("alive"));
    }
  }

  private static String askOnce(Rig rig) throws IOException {
    try (RawClient client = new RawClient(rig.uri("/"))) {
      return client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n").readAll();
    }
  }

  @Test
  void moreOpenRequestsThanAllowedAreTurnedAway() throws Exception {
    try (Rig rig = new Rig(c -> c.maxRequests(1)).ready()) {
      hold(rig);
      CompletableFuture<HttpResponse<String>> first =
          rig.client.sendAsync(rig.posting(CHAT, Rig.chatBody("")), BodyHandlers.ofString());
      Awaitility.await().until(() -> rig.engine().generates.size() == 1);
      HttpResponse<String> second = rig.post(CHAT, Rig.chatBody(""));
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.headers().firstValue("retry-after")).hasValue("1");
      rig.engine().running = true;
      assertThat(first.get().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aRequestThatTakesTooLongIsEnded() throws Exception {
    try (Rig rig = new Rig(c -> c.generationTimeout(SHORT)).ready()) {
      hold(rig);
      Awaitility.await()
          .until(
              () -> {
                assertThat(rig.post(CHAT, Rig.chatBody("")).statusCode()).isEqualTo(504);
                return !rig.engine().generates.isEmpty(); // it had come so far by then
              });
      List<SpanData> spans = rig.spans(1);
      assertThat(spans).anyMatch(s -> s.getStatus().getDescription().equals("timeout"));
      Awaitility.await().until(() -> rig.engine().cancels.size() == rig.engine().generates.size());
    }
  }

  @Test
  void aClientThatIsGoneBeforeTheFirstTokenIsNoticed() throws Exception {
    try (Rig rig = new Rig().ready()) {
      hold(rig);
      try (RawClient client = new RawClient(rig.uri("/"))) {
        client.send(RawClient.post(CHAT, Rig.chatBody("")));
        Awaitility.await().until(() -> rig.engine().generates.size() == 1);
      }
      Awaitility.await().until(() -> rig.engine().cancels.size() == 1);
      assertThat(rig.engine().cancels.get(0).reason()).isEqualTo(FinishReason.ABORT);
      assertThat(rig.spans(1)).noneMatch(s -> s.getName().equals("POSTPROCESSING"));
    }
  }

  /** No more is made for it, until it has read nothing for too long. */
  @Test
  void aClientThatDoesNotReadIsWaitedForAndThenCutOff() throws Exception {
    HttpLimits limits =
        HttpLimits.builder().requestTimeout(LONG).idleTimeout(LONG).writeTimeout(SHORT).build();
    try (Rig rig = new Rig(c -> c.limits(limits), true, 1 << 20).ready()) {
      rig.answers(g -> Collections.nCopies(400_000, rig.tokens("word").get(0)));
      rig.engine().burst = 10;
      try (RawClient client = new RawClient(rig.uri("/"), 4096)) {
        client.send(RawClient.post(CHAT, Rig.chatBody(", \"stream\": true")));
        Awaitility.await().until(() -> rig.engine().paused.size() == 1);
        assertThat(rig.spans(1))
            .anyMatch(
                s -> s.getStatus().getDescription().equals("the client did not read its answer"));
        Awaitility.await().until(() -> rig.engine().cancels.size() == 1);
        assertThat(rig.engines).hasSize(1); // nobody took the engine for stuck
      }
    }
  }

  /** An engine that goes on all the same does not fill the memory. */
  @Test
  void aClientThatDoesNotReadIsCutOff() throws Exception {
    HttpLimits limits = HttpLimits.builder().pendingBytes(64 << 10).build();
    try (Rig rig = new Rig(c -> c.limits(limits), true, 1 << 20).ready()) {
      rig.answers(g -> Collections.nCopies(400_000, rig.tokens("word").get(0)));
      rig.engine().heedless = true;
      rig.engine().burst = 500;
      try (RawClient client = new RawClient(rig.uri("/"), 4096)) {
        client.send(RawClient.post(CHAT, Rig.chatBody(", \"stream\": true")));
        List<SpanData> spans = rig.spans(1);
        assertThat(spans)
            .anyMatch(
                s -> s.getStatus().getDescription().equals("the client did not read its answer"));
        Awaitility.await().until(() -> rig.engine().cancels.size() == 1);
      }
    }
  }

  @Test
  void aClientThatStopsReadingAFinishedAnswerIsCutOff() throws Exception {
    HttpLimits limits =
        HttpLimits.builder().requestTimeout(LONG).idleTimeout(LONG).writeTimeout(SHORT).build();
    try (Rig rig = new Rig(c -> c.limits(limits), true, 1 << 20).ready()) {
      rig.answers(g -> Collections.nCopies(600_000, rig.tokens("word").get(0)));
      rig.engine().burst = 100_000;
      try (RawClient client = new RawClient(rig.uri("/"), 4096)) {
        client.send(RawClient.post(CHAT, Rig.chatBody("")));
        assertThat(rig.spans(1))
            .anyMatch(
                s -> s.getStatus().getDescription().equals("the client did not read its answer"));
      }
    }
  }

  @Test
  void requestsSentAheadAreAnsweredInTheirOrder() throws Exception {
    try (Rig rig = new Rig().ready();
        RawClient client = new RawClient(rig.uri("/"))) {
      String last = "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      String chat = RawClient.post(CHAT, Rig.chatBody(", \"max_tokens\": 2"));
      String all =
          client.send(chat + "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n" + last).readAll();
      assertThat(all.split("HTTP/1.1 200 OK", -1)).hasSize(4);
      assertThat(all.indexOf("chat.completion")).isLessThan(all.indexOf("\"object\":\"list\""));
      assertThat(all.indexOf("\"object\":\"list\"")).isLessThan(all.indexOf("alive"));
      assertThat(rig.spans(1)).isNotEmpty();
    }
  }

  @Test
  void aClientMayAskBeforeItSendsTheBody() throws Exception {
    try (Rig rig = new Rig().ready();
        RawClient client = new RawClient(rig.uri("/"))) {
      String request = RawClient.post(CHAT, Rig.chatBody(""), "Expect: 100-continue");
      int body = request.indexOf("\r\n\r\n") + 4;
      client.send(request.substring(0, body));
      assertThat(client.readUntil("\r\n\r\n", 1)).startsWith("HTTP/1.1 100 Continue");
      assertThat(client.send(request.substring(body)).readUntil("usage", 1))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void anOldClientGetsAStreamThatEndsWithItsConnection() throws Exception {
    try (Rig rig = new Rig().ready();
        RawClient client = new RawClient(rig.uri("/"))) {
      String request = RawClient.post(CHAT, Rig.chatBody(", \"stream\": true"));
      String answer = client.send(request.replace("HTTP/1.1", "HTTP/1.0")).readAll();
      assertThat(answer).doesNotContain("chunked").endsWith("data: [DONE]\n\n");
    }
  }
}
