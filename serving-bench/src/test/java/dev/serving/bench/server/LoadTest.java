package dev.serving.bench.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The load asks as many times as it says, and does not take an error for an answer. */
class LoadTest {
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private int generated = 7;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/completions", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    byte[] answer =
        ("data: {\"usage\":{\"completion_tokens\":" + generated + "}}\n\ndata: [DONE]\n\n")
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private Load load() {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new Load(uri, "demo", 3, 7);
  }

  @Test
  void everyClientAsksOnceWithAPromptOfItsOwn() throws IOException {
    assertThat(load().run()).isPositive();
    assertThat(bodies).hasSize(3).doesNotHaveDuplicates();
    assertThat(bodies).allSatisfy(body -> assertThat(body).contains("\"max_tokens\": 7"));
  }

  @Test
  void anAnswerThatIsTooShortIsNoAnswer() {
    generated = 6;
    assertThatThrownBy(load()::run).isInstanceOf(IOException.class).hasMessageContaining("lacks");
  }
}
