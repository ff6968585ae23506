package dev.serving.core.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.core.message.EngineMessage.FrontendAlive;
import dev.serving.core.message.EngineMessage.Shutdown;
import dev.serving.core.message.FrontendMessage.EngineFailed;
import dev.serving.core.message.Link.Received;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.pollinterval.FixedPollInterval;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.zeromq.ZContext;

/**
 * This shows that nobody reaches ZeroMQ who was not told in private how to come in. Strangers try
 * {@code -Dlink.fuzz=20000} times, by default less.
 */
final class GateTest {
  private static final String PEER = Spoke.identity("engine-0");
  private static final int CONNECTIONS = Integer.getInteger("link.fuzz", 2_000);
  private static final long HEADROOM = 32 << 20;

  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final ZContext context = context();
  private final Hub hub = Hub.listen(context);

  private ZContext context() {
    ZContext made = new ZContext();
    made.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
    made.setNotificationExceptionHandler((thread, e) -> failure.set(e));
    return made;
  }

  @AfterEach
  void close() {
    hub.close();
    context.close();
    assertThat(failure).as("what the I/O thread died of").hasNullValue();
  }

  @Test
  void aStrangerHearsNothingAndIsReset() throws IOException {
    try (Socket stranger = connect()) {
      stranger.getOutputStream().write(StrangersBytes.greeting());
      assertReset(stranger);
    }
    assertThat(hub.ignored()).isEqualTo(1);
  }

  @Test
  void whoIsForgottenIsAStranger() throws IOException {
    hub.expect(PEER);
    hub.forget(PEER);
    try (Socket stranger = connect()) {
      stranger.getOutputStream().write(Knock.of(PEER).array());
      assertReset(stranger);
    }
  }

  @Test
  void aKnockMayComeByteByByte() throws IOException {
    hub.expect(PEER);
    try (Socket peer = connect()) {
      peer.setTcpNoDelay(true);
      for (byte b : Knock.of(PEER).array()) {
        peer.getOutputStream().write(b);
      }
      assertThat(peer.getInputStream().read())
          .as("the first byte of ZeroMQ's greeting")
          .isEqualTo(0xff);
    }
  }

  /** The frames that end JeroMQ's I/O thread, and whatever else a seed brings forth. */
  @Test
  void whateverStrangersSendThePeersGoOn() throws IOException {
    hub.expect(PEER);
    long before = usedHeap();
    try (Spoke spoke = Spoke.connect(context, hub.address(), PEER)) {
      StrangersBytes bytes = new StrangersBytes(13);
      for (int i = 0; i < CONNECTIONS; i++) {
        try (Socket stranger = connect()) {
          stranger.getOutputStream().write(bytes.next());
        } catch (SocketException e) {
          // Reset while it wrote.
        }
        if (i % 50 == 0) {
          assertRoundTrip(spoke);
        }
      }
      await().until(() -> hub.ignored() == CONNECTIONS);
      assertRoundTrip(spoke);
    }
    assertThat(usedHeap() - before).isLessThan(HEADROOM);
  }

  @Test
  void silentOnesMakeWayForPeers() throws IOException {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        silent.add(connect());
      }
      hub.expect(PEER);
      try (Spoke spoke = Spoke.connect(context, hub.address(), PEER)) {
        assertRoundTrip(spoke);
      }
      assertReset(silent.get(0)); // the oldest
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void whatWasSentBeforeAHubIsClosedArrives() {
    try (Hub other = Hub.listen(context)) {
      other.expect(PEER);
      try (Spoke spoke = Spoke.connect(context, other.address(), PEER)) {
        spoke.send(new EngineFailed("x"));
        next(other);
        IntStream.range(0, 100).forEach(i -> other.send(PEER, new FrontendAlive()));
        other.send(PEER, new Shutdown());
        other.close();
        IntStream.range(0, 100).forEach(i -> next(spoke));
        assertThat(next(spoke).message()).isEqualTo(new Shutdown());
      }
    }
  }

  private void assertRoundTrip(Spoke spoke) {
    spoke.send(new EngineFailed("x"));
    assertThat(next(hub)).isEqualTo(new Received(PEER, new EngineFailed("x")));
    hub.send(PEER, new Shutdown());
    assertThat(next(spoke).message()).isEqualTo(new Shutdown());
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", Integer.parseInt(hub.address().split(":")[2]));
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void assertReset(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    try {
      assertThat(in.read()).as("what a stranger hears").isEqualTo(-1);
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  private static Received next(Link link) {
    return await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(FixedPollInterval.fixed(Duration.ofMillis(1)))
        .until(link::receive, Optional::isPresent)
        .orElseThrow();
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
