package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.FrontendConfig;
import dev.serving.core.config.ListenConfig;
import dev.serving.core.frontend.Health.Part;
import dev.serving.core.frontend.engines.EngineLauncher;
import dev.serving.trace.Tracing;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** This shows that health is what each part answers, and that the one that does not is named. */
class HealthTest {
  private static final Part WELL = new Part("well", Runnable::run);

  private static final Part SILENT = new Part("silent", work -> {});

  private static final Part ENDED =
      new Part(
          "ended",
          work -> {
            throw new RejectedExecutionException();
          });

  private static Iterable<String> silent(long patience, Part... parts) throws Exception {
    Health health = new Health(patience);
    health.of(List.of(parts));
    return health.look().get(10, TimeUnit.SECONDS);
  }

  @Test
  void itIsWellWhenAllPartsAnswer() throws Exception {
    assertThat(silent(60_000, WELL)).isEmpty();
  }

  @Test
  void itNamesThePartsThatDoNot() throws Exception {
    assertThat(silent(50, WELL, SILENT, ENDED)).containsExactly("ended", "silent");
  }

  @Test
  void aServerWhoseLinkHangsSaysSo() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    try (Frontend frontend =
        Frontend.start(
            FrontendConfig.builder("demo").listen(ListenConfig.DEFAULT.withPort(0)).build(),
            Rig.DEPLOYMENT,
            Rig.CHECKPOINT,
            Tracing.noop(),
            (rank, address, identity) -> hang(free))) {
      assertThat(health(frontend)).startsWith("HTTP/1.1 503").contains("[\"link\"]");
      free.countDown();
      Awaitility.await().until(() -> health(frontend).startsWith("HTTP/1.1 200"));
    }
  }

  private static EngineLauncher.EngineHandle hang(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("no engine");
  }

  private static String health(Frontend frontend) throws IOException {
    try (RawClient client = new RawClient(frontend.uri())) {
      return client
          .send("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
          .readAll();
    }
  }
}
