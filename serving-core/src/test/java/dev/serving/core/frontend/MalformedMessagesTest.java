package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serving.core.config.EnginesConfig;
import dev.serving.core.config.FrontendConfig;
import dev.serving.core.config.ListenConfig;
import dev.serving.core.frontend.engines.EngineLauncher;
import dev.serving.core.message.MalformedMessages;
import dev.serving.trace.Tracing;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Messages that are none, sent to a frontend's real socket: under the identity of an engine, and
 * under others. The second of its two engines is the one that raves. {@code -Dmalformed=10000} of
 * them, by default less.
 */
final class MalformedMessagesTest {
  private static final int MESSAGES = Integer.getInteger("malformed", 3_000);
  private static final long HEADROOM = 64 << 20;

  private final ConcurrentHashMap<Integer, String> identities = new ConcurrentHashMap<>();
  private final ZContext context = new ZContext();
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile String address;
  private Frontend frontend;

  @BeforeEach
  void start() throws Exception {
    FrontendConfig config =
        FrontendConfig.builder("demo")
            .listen(ListenConfig.DEFAULT.withPort(0))
            .engines(EnginesConfig.DEFAULT.withCount(2))
            .build();
    frontend = Frontend.start(config, Rig.DEPLOYMENT, Rig.CHECKPOINT, Tracing.noop(), this::launch);
    await().until(() -> get("/ready").contains("degraded"));
  }

  private EngineLauncher.EngineHandle launch(int dpRank, String hub, String identity) {
    address = hub;
    identities.put(dpRank, identity);
    if (dpRank == 1) {
      return new Raving();
    }
    ScriptedEngine engine =
        new ScriptedEngine(dpRank, 512, Tracing.noop(), g -> List.of(300, 301, 302));
    engine.start(hub, identity);
    return engine;
  }

  @AfterEach
  void stop() {
    context.close();
    frontend.close();
  }

  @Test
  void areCountedAndIgnored() throws Exception {
    long before = usedHeap();
    List<ZMQ.Socket> sockets =
        new ArrayList<>(MalformedMessages.impostors(context, address, identities.get(1)));
    sockets.add(raving());
    MalformedMessages malformed = new MalformedMessages(7);
    for (int i = 0; i < MESSAGES; i++) {
      malformed.send(sockets.get(i % sockets.size()));
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> get("/metrics").contains("ignored_messages_total " + MESSAGES + ".0\n"));
    assertThat(usedHeap() - before).isLessThan(HEADROOM);
    assertThat(ask()).isEqualTo(200);
  }

  /** A message over the limit ends its connection; there is nothing to count. */
  @Test
  void oversizeOnesEndTheirConnection() throws Exception {
    long before = usedHeap();
    ZMQ.Socket socket = raving();
    socket.setLinger(0);
    for (int i = 0; i < 20; i++) {
      socket.send(MalformedMessages.oversize());
    }
    assertThat(ask()).isEqualTo(200);
    socket.close(); // what it could not send is its own, and goes with it after a while
    await().untilAsserted(() -> assertThat(usedHeap() - before).isLessThan(HEADROOM));
    assertThat(get("/ready")).contains("\"degraded\"");
  }

  private ZMQ.Socket raving() {
    String identity = identities.get(1);
    return MalformedMessages.connect(
        context, address, identity, identity.getBytes(StandardCharsets.UTF_8));
  }

  private int ask() throws Exception {
    HttpRequest chat =
        HttpRequest.newBuilder(uri("/v1/chat/completions"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Rig.chatBody("")))
            .build();
    return client.send(chat, BodyHandlers.discarding()).statusCode();
  }

  private String get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString()).body();
  }

  private URI uri(String path) {
    return frontend.uri().resolve(path);
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static final class Raving extends PlayedEngine {
    @Override
    public void destroy() {
      exit.complete(137);
    }
  }
}
