package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.trace.config.OtlpProtocol;
import dev.serving.trace.export.ExportPipeline;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever sits at the endpoint, tracing goes on, bounded, and every span is accounted for. */
class HostileReceiverTest {
  private final TracingMetrics metrics = new TracingMetrics();

  /** What a stranger does with a connection once something was sent. */
  private interface Manners {
    void behave(OutputStream out) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionThatIsClosedAtOnce(OtlpProtocol protocol) throws Exception {
    meet(protocol, out -> {});
  }

  @ParameterizedTest
  @EnumSource
  void garbage(OtlpProtocol protocol) throws Exception {
    Random random = new Random(5);
    byte[] bytes = new byte[100_000];
    meet(
        protocol,
        out -> {
          random.nextBytes(bytes);
          out.write(bytes);
        });
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerWithoutEnd(OtlpProtocol protocol) throws Exception {
    meet(
        protocol,
        out -> {
          out.write(ascii("HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\n\r\n"));
          while (true) {
            out.write(new byte[64 << 10]);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatStopsInTheMiddle(OtlpProtocol protocol) throws Exception {
    meet(protocol, out -> out.write(ascii("HTTP/1.1 200 OK\r\ncontent-le")));
  }

  @ParameterizedTest
  @EnumSource
  void silence(OtlpProtocol protocol) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    meet(protocol, out -> awaitQuietly(over));
    over.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void meet(OtlpProtocol protocol, Manners manners) throws Exception {
    List<Socket> open = new CopyOnWriteArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread acceptor = new Thread(() -> accept(server, open, manners));
      acceptor.start();
      ExportPipeline pipeline = TracingStart.pipeline(config(protocol, server), metrics);
      for (int i = 0; i < 1_000; i++) {
        pipeline.accept(Spans.ofBytes(3_000));
      }
      var unused = pipeline.flush(Duration.ofSeconds(2));
      pipeline.close();
    }
    for (Socket socket : open) {
      socket.close();
    }
    SpanBalance balance = metrics.balance();
    assertThat(balance.made()).isEqualTo(1_000);
    assertThat(balance.inFlight()).isZero();
    assertThat(balance.droppedInAll()).isEqualTo(1_000);
  }

  private static TracingConfig config(OtlpProtocol protocol, ServerSocket server) {
    return TracingConfig.builder()
        .enabled(true)
        .endpoint("127.0.0.1:" + server.getLocalPort())
        .otlp(o -> o.withProtocol(protocol).withTimeout(Duration.ofMillis(300)))
        .batch(b -> b.withDeadline(Duration.ofSeconds(1)).withShutdown(Duration.ofMillis(300)))
        .build();
  }

  private static void accept(ServerSocket server, List<Socket> open, Manners manners) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        new Thread(() -> serve(socket, manners)).start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void serve(Socket socket, Manners manners) {
    try (socket) {
      byte[] first = new byte[1024];
      if (socket.getInputStream().read(first) > 0) {
        manners.behave(socket.getOutputStream());
      }
    } catch (IOException e) {
      // The exporter has hung up, as it should.
      return;
    }
  }
}
