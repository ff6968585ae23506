package dev.serving.core.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.core.message.EngineMessage.FrontendAlive;
import dev.serving.core.message.EngineMessage.Shutdown;
import dev.serving.core.message.FrontendMessage.EngineFailed;
import dev.serving.core.message.Link.Received;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** This shows how two workers speak, and that nobody else can join in. */
final class LinkTest {
  private final ZContext context = new ZContext();

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void aHubAndASpokeSpeakOverTcp() {
    try (Hub hub = Hub.listen(context)) {
      String peer = Spoke.identity("engine-0");
      hub.expect(peer);
      try (Spoke spoke = Spoke.connect(context, hub.address(), peer)) {
        assertThat(spoke.send(new EngineFailed("x"))).isTrue();
        assertThat(next(hub)).isEqualTo(new Received(peer, new EngineFailed("x")));
        assertThat(hub.send(peer, new Shutdown())).isTrue();
        assertThat(next(spoke)).isEqualTo(new Received("", new Shutdown()));
      }
    }
  }

  @Test
  void theSameHubSpeaksToThreadsOfItsProcessByInproc() {
    try (Hub hub = Hub.listen(context, "ranks")) {
      String peer = Spoke.identity("rank-0");
      hub.expect(peer);
      try (Spoke spoke = Spoke.connect(context, "inproc://ranks", peer)) {
        spoke.send(new FrontendAlive());
        assertThat(next(hub).peer()).isEqualTo(peer);
      }
    }
  }

  @Test
  void bytesThatAreNoMessageAreCountedAndIgnored() {
    try (Hub hub = Hub.listen(context)) {
      hub.expect("peer");
      ZMQ.Socket raw = context.createSocket(SocketType.DEALER);
      raw.setIdentity("peer".getBytes(ZMQ.CHARSET));
      Knock.before(raw, "peer");
      raw.connect(hub.address());
      raw.send("garbage");
      raw.sendMore("too");
      raw.sendMore("many");
      raw.send("frames");
      awaitIgnored(hub, 2);
    }
  }

  @Test
  void sendingToAPeerThatIsNotThereSaysSo() {
    try (Hub hub = Hub.listen(context)) {
      assertThat(hub.send("nobody", new Shutdown())).isFalse();
    }
  }

  @Test
  void aSleepingOwnerIsWokenByAnotherThread() throws Exception {
    try (Hub hub = Hub.listen(context);
        LinkPoll poll = new LinkPoll(hub)) {
      for (int i = 0; i < 1_000; i++) {
        CompletableFuture<Void> waker = CompletableFuture.runAsync(poll::wakeup);
        poll.await(10_000);
        waker.get(10, TimeUnit.SECONDS);
        poll.await(0); // a wakeup that came while awake is not a wakeup for the next sleep
      }
    }
  }

  @Test
  void theProcessIsToldWhenAnInputThreadFails() {
    AtomicReference<Throwable> told = new AtomicReference<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, cause) -> told.set(cause));
    try (ZContext ours = Link.context();
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ZMQ.Socket socket = ours.createSocket(SocketType.DEALER);
      socket
          .base()
          .setEventHook(
              event -> {
                throw new IllegalStateException("a fault in there");
              },
              zmq.ZMQ.ZMQ_EVENT_CONNECTED);
      socket.connect("tcp://127.0.0.1:" + listener.getLocalPort());
      await().untilAsserted(() -> assertThat(told.get()).hasMessage("a fault in there"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private static void awaitIgnored(Hub hub, long count) {
    await()
        .pollInSameThread()
        .untilAsserted(
            () -> {
              assertThat(hub.receive()).isEmpty();
              assertThat(hub.ignored()).isEqualTo(count);
            });
  }

  private static Received next(Link link) {
    return await().pollInSameThread().until(link::receive, Optional::isPresent).orElseThrow();
  }
}
