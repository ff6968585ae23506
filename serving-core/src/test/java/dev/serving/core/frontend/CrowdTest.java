package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.FrontendConfig.Pools;
import dev.serving.core.config.HttpLimits;
import dev.serving.core.config.HttpLimitsBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What many clients together may cost, and who makes way for whom. */
class CrowdTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int MEMORY = 4 << 20;

  private final List<RawClient> clients = new ArrayList<>();
  private Rig rig;

  @AfterEach
  void close() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    rig.close();
  }

  private static HttpLimitsBuilder patient() {
    return HttpLimits.builder().requestTimeout(LONG).idleTimeout(LONG).writeTimeout(LONG);
  }

  private RawClient client() throws Exception {
    RawClient client = new RawClient(rig.uri("/"));
    clients.add(client);
    return client;
  }

  private static String unfinished(int announced, String part) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            .formatted(CHAT)
        + "Content-Length: "
        + announced
        + "\r\n\r\n"
        + part;
  }

  private double gauge(String name) throws Exception {
    return rig.get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void unfinishedBodiesMakeWayForNewOnesOldestFirst(int loops) throws Exception {
    rig =
        new Rig(
                c ->
                    c.limits(patient().memoryBytes(MEMORY).build())
                        .pools(new Pools(loops, 2, loops)))
            .ready();
    String part = "x".repeat(200_000);
    for (int i = 0; i < 60; i++) { // three times what there is
      client().send(unfinished(250_000, part));
    }
    assertThat(clients.get(0).readAll()).startsWith("HTTP/1.1 503").contains("overloaded");
    assertThat(rig.post(CHAT, Rig.chatBody("")).statusCode()).isEqualTo(200);
    assertThat(gauge("serving_client_memory_held_bytes")).isLessThanOrEqualTo(MEMORY);
    assertThat(rig.get("/health").statusCode()).isEqualTo(200);
    for (RawClient client : clients) {
      client.close();
    }
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(gauge("serving_client_memory_held_bytes")).isLessThan(100_000));
  }

  @Test
  void aSmallRequestThatComesSlowlyNeedNotMakeWayForLargeOnes() throws Exception {
    rig = new Rig(c -> c.limits(patient().memoryBytes(MEMORY).build())).ready();
    String small = RawClient.post(CHAT, Rig.chatBody(""));
    int half = small.length() - 5;
    RawClient slow = client().send(small.substring(0, half));
    String part = "x".repeat(200_000);
    for (int i = 0; i < 60; i++) {
      client().send(unfinished(250_000, part));
    }
    for (RawClient oldest : clients.subList(1, 20)) {
      assertThat(oldest.readAll()).startsWith("HTTP/1.1 503");
    }
    assertThat(slow.send(small.substring(half)).readUntil("usage", 1)).startsWith("HTTP/1.1 200");
  }

  @Test
  void headsThatNeverEndCountForWhatTheyBecome() throws Exception {
    rig = new Rig(c -> c.limits(patient().memoryBytes(MEMORY).build())).ready();
    String head = "GET /health HTTP/1.1\r\nHost: localhost\r\n" + "a:b\r\n".repeat(5000);
    client().send(head);
    client().send(HEALTH + head); // behind a whole one as well
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(gauge("serving_client_memory_held_bytes")).isGreaterThan(1_500_000));
    for (int i = 0; i < 20; i++) {
      client().send(head);
    }
    assertThat(clients.get(0).readAll()).startsWith("HTTP/1.1 503");
    assertThat(rig.post(CHAT, Rig.chatBody("")).statusCode()).isEqualTo(200);
    assertThat(gauge("serving_client_memory_held_bytes")).isLessThanOrEqualTo(MEMORY);
  }

  @Test
  void aBodyOfWhichMoreWouldBeMadeThanThereIsRoomForIsRefusedUnread() throws Exception {
    rig = new Rig(c -> c.limits(patient().memoryBytes(MEMORY).build())).ready();
    String objects = "{\"a\":[" + "{},".repeat(100_000) + "{}]}";
    assertThat(rig.post(CHAT, objects).statusCode()).isEqualTo(413);
  }

  @Test
  void unusedConnectionsMakeWayForNewOnes() throws Exception {
    rig = new Rig(c -> c.limits(patient().connections(4).build())).ready();
    RawClient first = client().send(HEALTH);
    first.readUntil("alive", 1);
    for (int i = 0; i < 20; i++) {
      client();
    }
    assertThat(rig.post(CHAT, Rig.chatBody("")).statusCode()).isEqualTo(200);
    assertThat(gauge("serving_http_connections")).isLessThanOrEqualTo(6);
    assertThat(clients.get(1).readAll()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void healthIsAnsweredWhenEveryConnectionIsBeingServed(int loops) throws Exception {
    rig =
        new Rig(c -> c.limits(patient().connections(2).build()).pools(new Pools(loops, 2, loops)))
            .ready();
    rig.engine().pauseAfter = 0;
    rig.engine().running = false;
    for (int i = 0; i < 2; i++) {
      client().send(RawClient.post(CHAT, Rig.chatBody("")));
    }
    Awaitility.await().until(() -> rig.engine().generates.size() == 2);
    assertThat(client().send(HEALTH).readAll()).startsWith("HTTP/1.1 200").contains("alive");
    assertThat(client().send(RawClient.post(CHAT, Rig.chatBody(""))).readAll())
        .startsWith("HTTP/1.1 503");
    rig.engine().running = true;
    assertThat(clients.get(0).readUntil("usage", 1)).startsWith("HTTP/1.1 200");
  }

  @Test
  void whoDoesNotReadMakesWayWhenEveryConnectionIsInUse() throws Exception {
    rig = new Rig(c -> c.limits(patient().connections(2).build()), true, 1 << 20).ready();
    rig.answers(g -> Collections.nCopies(600_000, rig.tokens("word").get(0)));
    rig.engine().burst = 100_000;
    for (int i = 0; i < 2; i++) {
      RawClient slow = new RawClient(rig.uri("/"), 4096);
      clients.add(slow);
      slow.send(RawClient.post(CHAT, Rig.chatBody("")));
      slow.readUntil("HTTP/1.1 200", 1); // and no more
    }
    rig.answers(g -> rig.tokens(Rig.ANSWER));
    assertThat(client().send(RawClient.post(CHAT, Rig.chatBody(""))).readUntil("usage", 1))
        .startsWith("HTTP/1.1 200");
    assertThat(rig.spans(2))
        .anyMatch(s -> s.getStatus().getDescription().equals("the client did not read its answer"));
  }
}
