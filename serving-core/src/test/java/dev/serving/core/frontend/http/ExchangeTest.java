package dev.serving.core.frontend.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.ApiKeys;
import dev.serving.core.config.HttpLimits;
import dev.serving.core.config.ListenConfig;
import dev.serving.core.frontend.http.Router.Route;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is held of a request whose work still waits when its client goes. */
final class ExchangeTest {
  private static final int BODY = 200_000;
  private static final ListenConfig LISTEN = ListenConfig.DEFAULT.withPort(0);

  private final BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();
  private final ClientMemory memory = new ClientMemory(4 << 20);
  private final Router router =
      new Router(
          ApiKeys.none(),
          LISTEN,
          List.of(Route.of("POST", "/work", waiting::add)),
          (method, path, status) -> {});

  @Test
  void whoLeavesLeavesNoBodyBehind() throws Exception {
    try (HttpServer server = HttpServer.start(LISTEN, HttpLimits.DEFAULT, memory, 1, router)) {
      Exchange exchange;
      try (Socket client = new Socket(server.uri().getHost(), server.uri().getPort())) {
        client.getOutputStream().write(request().getBytes(US_ASCII));
        exchange = waiting.poll(20, TimeUnit.SECONDS);
        assertThat(exchange.body()).hasSize(BODY);
        assertThat(memory.held()).isGreaterThan(BODY);
      }
      Awaitility.await().until(exchange::ended);
      assertThat(exchange.body()).isEmpty();
      Awaitility.await().until(() -> memory.held() == 0);
    }
  }

  private static String request() {
    return "POST /work HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Content-Length: %d\r\n\r\n".formatted(BODY)
        + "x".repeat(BODY);
  }
}
