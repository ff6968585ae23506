package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.viewer.store.StoreConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Requests for pages and exports in each of OTLP's forms, gone wrong on the way, from a fixed seed:
 * two seconds of them, or as many as {@code -Dfuzz.seconds} says. Whatever comes, no thread dies,
 * and the heap is as it was.
 */
class ViewerFuzzTest {
  private static final long SECONDS = Long.getLong("fuzz.seconds", 2);
  private static final long SEED = Long.getLong("fuzz.seed", 20);
  private static final StoreConfig SMALL = new StoreConfig(1_000, 1 << 20);
  private static final long HEADROOM = 24 << 20;

  private final Queue<Throwable> deaths = new ConcurrentLinkedQueue<>();
  private final Garbled garbled = new Garbled(SEED);
  private final Random random = new Random(SEED);
  private int sent;

  @Test
  void nothingThatComesDoesHarm() {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> deaths.add(error));
    ViewerConfig config = ViewerConfig.defaults().withPort(0).withStore(SMALL);
    try (Viewer viewer = Viewer.start(config, deaths::add)) {
      Client client = new Client(viewer);
      send(viewer, 200);
      assertServes(client); // what is made once, the client's own threads too, is there
      long heap = usedHeap();
      int threads = Thread.activeCount();
      long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
      while (System.nanoTime() - end < 0) {
        send(viewer, 100);
      }
      assertThat(deaths).isEmpty();
      assertServes(client);
      Awaitility.await()
          .untilAsserted(() -> assertThat(usedHeap() - heap).as("more heap").isLessThan(HEADROOM));
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(Thread.activeCount()).as("threads").isLessThanOrEqualTo(threads + 4));
      System.out.printf(
          "%d requests gone wrong; heap %.1f MB before, %.1f after; threads %d before, %d after%n",
          sent, heap / 1e6, usedHeap() / 1e6, threads, Thread.activeCount());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertThat(deaths).isEmpty();
  }

  private static void assertServes(Client client) {
    SampleTrace trace = SampleTrace.chat("0af7651916cd43dd8448eb211c80319c", 1);
    assertThat(client.exportProtobuf(trace).statusCode()).isEqualTo(200);
    assertThat(client.get("/").statusCode()).isEqualTo(200);
  }

  private void send(Viewer viewer, int count) {
    for (int i = 0; i < count; i++, sent++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), viewer.uri().getPort())) {
        socket.setSoTimeout(200);
        socket.getOutputStream().write(garbled.next());
        if (random.nextInt(4) == 0) {
          socket.getInputStream().readNBytes(1);
        }
      } catch (IOException e) {
        // The viewer has closed, or waits for more, as it may.
      }
    }
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
