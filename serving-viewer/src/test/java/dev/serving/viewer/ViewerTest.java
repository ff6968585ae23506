package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.viewer.store.StoreConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A viewer's life: start, bad starts, bad guests, end. */
class ViewerTest {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

  @Test
  void theDefaultsAreThese() {
    assertThat(ViewerConfig.defaults())
        .isEqualTo(
            new ViewerConfig(
                "127.0.0.1",
                4318,
                "",
                Optional.empty(),
                new StoreConfig(200_000, 134_217_728),
                67_108_864,
                134_217_728));
  }

  @Test
  void aBoundThatCannotBeIsNamed() {
    ViewerConfig config = ViewerConfig.defaults();

    assertThatThrownBy(() -> config.withPort(70_000)).hasMessageContaining("port");
    assertThatThrownBy(() -> config.withHost(" ")).hasMessageContaining("host");
    assertThatThrownBy(() -> config.withStore(new StoreConfig(0, 1)))
        .hasMessageContaining("--max-spans");
    assertThatThrownBy(() -> config.withStore(new StoreConfig(1, 0)))
        .hasMessageContaining("--max-bytes");
    assertThatThrownBy(() -> config.withBodies(0, 0)).hasMessageContaining("maxBodyBytes");
    assertThatThrownBy(() -> config.withBodies(10, 9)).hasMessageContaining("maxInFlightBytes");
  }

  @Test
  void aPortInUseIsOneClearLine() {
    try (Viewer first = Viewer.start(ViewerConfig.defaults().withPort(0))) {
      int port = first.uri().getPort();

      assertThatThrownBy(() -> Viewer.start(ViewerConfig.defaults().withPort(port)))
          .isInstanceOf(ViewerException.class)
          .hasMessageStartingWith("cannot listen on 127.0.0.1 port " + port)
          .hasMessageContaining("choose another port")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void anUnknownHostIsOneClearLine() {
    assertThatThrownBy(
            () -> Viewer.start(ViewerConfig.defaults().withPort(0).withHost("no.such.invalid")))
        .isInstanceOf(ViewerException.class)
        .hasMessageContaining("no.such.invalid");
  }

  @Test
  void closingEndsEveryThreadAndKeepsWhatWasReceived() {
    Viewer viewer = Viewer.start(ViewerConfig.defaults().withPort(0));
    Client client = new Client(viewer);
    client.exportProtobuf(SampleTrace.chat(ID, 1_000));

    viewer.close();
    viewer.close();

    assertThat(viewer.store().trace(ID)).isPresent();
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(
                        Thread.getAllStackTraces().keySet().stream()
                            .map(Thread::getName)
                            .filter(name -> name.startsWith("viewer-"))
                            .collect(Collectors.toSet()))
                    .isEmpty());
    try (Viewer again = Viewer.start(ViewerConfig.defaults().withPort(viewer.uri().getPort()))) {
      assertThat(again.store().trace(ID)).isEmpty();
    }
  }

  @Test
  void aBrokenAddressIsABadRequest() throws IOException {
    try (Viewer viewer = Viewer.start(ViewerConfig.defaults().withPort(0))) {
      assertThat(status(viewer, "/api/services/%zz/operations", "localhost")).isEqualTo(400);
      assertThat(status(viewer, "/viewer/traces?text=%zz", "localhost")).isEqualTo(400);
      assertThat(status(viewer, "//", "localhost")).isEqualTo(404);
    }
  }

  @Test
  void garbageDoesNotHurt() throws IOException {
    try (Viewer viewer = Viewer.start(ViewerConfig.defaults().withPort(0))) {
      Random random = new Random(11);
      for (int i = 0; i < 200; i++) {
        byte[] bytes = new byte[random.nextInt(400)];
        random.nextBytes(bytes);
        String start = i % 3 == 0 ? "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" : i % 3 == 1 ? "POST /" : "";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), viewer.uri().getPort())) {
          socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
          socket.getOutputStream().write(bytes);
        } catch (IOException e) {
          assertThat(e).as("the viewer may hang up").isNotNull();
        }
      }
      Client client = new Client(viewer);
      assertThat(client.exportProtobuf(SampleTrace.chat(ID, 1_000)).statusCode()).isEqualTo(200);
      assertThat(client.json("api/status").path("heldSpans").asInt()).isEqualTo(13);
    }
  }

  private static int status(Viewer viewer, String path, String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), viewer.uri().getPort())) {
      socket.setSoTimeout(10_000);
      String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return Integer.parseInt(line.substring(9));
    }
  }
}
