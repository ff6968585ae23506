package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.ApiKeys;
import dev.serving.core.config.HttpLimits;
import dev.serving.core.config.ListenConfig;
import dev.serving.core.frontend.http.ClientMemory;
import dev.serving.core.frontend.http.HttpServer;
import dev.serving.core.frontend.http.Router;
import dev.serving.core.frontend.http.Router.Route;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Errors that Netty would catch and log are told to whoever ends the process. */
class FatalErrorTest {
  private static final ListenConfig LISTEN = ListenConfig.DEFAULT.withPort(0);

  @Test
  void anErrorOnAnEventLoopIsTold() throws Exception {
    BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> told.add(error));
    Router router =
        new Router(
            ApiKeys.none(),
            LISTEN,
            List.of(
                Route.open(
                    "GET",
                    "/fails",
                    exchange -> {
                      throw new StackOverflowError("too deep");
                    })),
            (method, path, status) -> {});
    try (HttpServer server =
            HttpServer.start(LISTEN, HttpLimits.DEFAULT, new ClientMemory(1 << 20), 1, router);
        RawClient client = new RawClient(server.uri())) {
      client.send("GET /fails HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(told.poll(10, TimeUnit.SECONDS)).isInstanceOf(StackOverflowError.class);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
