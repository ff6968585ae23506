package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.frontend.Health.Part;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

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
  void aServerWithAnEventLoopThatHangsSaysSo() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    try (Rig rig = new Rig().ready()) {
      rig.frontend.eventLoops().get(0).execute(() -> await(free));
      RawClient other = new RawClient(rig.uri("/"));
      RawClient another = new RawClient(rig.uri("/"));
      String health = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      other.send(health);
      another.send(health); // one of the two is with the loop that works
      String answer = new RawClient(rig.uri("/")).send(health).readAll();
      assertThat(answer).startsWith("HTTP/1.1 503").contains("\"http-0\"");
      other.close();
      another.close();
    } finally {
      free.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
