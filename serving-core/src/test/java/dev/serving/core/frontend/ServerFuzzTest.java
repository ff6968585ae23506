package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.HttpLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Requests that went wrong on the way, from a fixed seed: two seconds of them, or as many as {@code
 * -Dfuzz.seconds} says. Whatever comes, no thread dies and everything is given back.
 */
class ServerFuzzTest {
  private static final long SECONDS = Long.getLong("fuzz.seconds", 2);
  private static final long SEED = Long.getLong("fuzz.seed", 20);
  private static final String CHAT = "/v1/chat/completions";
  private static final int FIRST = 500;
  private static final long HEADROOM = 32 << 20;

  private static final List<String> WHOLE =
      List.of(
          RawClient.post(CHAT, Rig.chatBody(", \"max_tokens\": 4")),
          RawClient.post(CHAT, Rig.chatBody(", \"stream\": true, \"n\": 2, \"logprobs\": true")),
          RawClient.post("/v1/completions", "{\"model\": \"demo\", \"prompt\": [1, 2, 3]}"),
          RawClient.post("/tokenize", "{\"prompt\": \"some words\", \"return_token_strs\": true}"),
          RawClient.post("/detokenize", "{\"tokens\": [3, 4, 5]}"),
          "PUT /tracing HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              + "Content-Length: 11\r\n\r\n{\"level\":2}",
          "POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n".formatted(CHAT)
              + "Content-Type: application/json\r\n\r\n"
              + "4\r\n"
              + "{\"a\"\r\n"
              + "3\r\n"
              + ":1}\r\n"
              + "0\r\n"
              + "T: x\r\n\r\n",
          "GET /v1/models/%2e%2e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
          "HEAD /metrics HTTP/1.0\r\n\r\n");

  private static final List<String> PARTS =
      List.of(
          "\r\n",
          "\r",
          "\0",
          "{",
          "[",
          "\"",
          ":",
          ",",
          "\\u",
          "\\ud800",
          "1e999",
          "-",
          "%",
          "%zz",
          "Content-Length: 99999999999999999999\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Content-Length: 5\r\n",
          "Host: evil.example\r\n",
          "Connection: upgrade\r\n",
          "ffffffffffffffff\r\n",
          "\u00ff\u00fe",
          " HTTP/9.9",
          "\t ",
          "null",
          "{}".repeat(2000),
          "[".repeat(3000),
          "a:b\r\n".repeat(3000));

  private final Random random = new Random(SEED);
  private int sent;

  @Test
  void nothingThatComesDoesHarm() throws Exception {
    Queue<Throwable> deaths = new ConcurrentLinkedQueue<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    HttpLimits limits =
        HttpLimits.builder()
            .memoryBytes(4 << 20)
            .requestTimeout(Duration.ofMillis(300))
            .idleTimeout(Duration.ofMillis(300))
            .build();
    try (Rig rig = new Rig(c -> c.limits(limits), false, 512).ready()) {
      Thread.setDefaultUncaughtExceptionHandler((thread, error) -> deaths.add(error));
      send(rig, FIRST); // what is made once is there
      long heap = usedHeap();
      int threads = Thread.activeCount();
      long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
      while (System.nanoTime() - end < 0) {
        send(rig, 100);
      }
      assertThat(deaths).isEmpty();
      assertThat(rig.post(CHAT, Rig.chatBody("")).statusCode()).isEqualTo(200);
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(rig.get("/metrics").body())
                      .containsPattern("serving_client_memory_held_bytes \\d{5}\\.0")
                      .contains("serving_requests_open 0"));
      Awaitility.await()
          .untilAsserted(() -> assertThat(usedHeap() - heap).as("more heap").isLessThan(HEADROOM));
      assertThat(Thread.activeCount()).as("threads").isLessThanOrEqualTo(threads + 4);
      System.out.printf(
          "%d requests gone wrong; heap %.1f MB before, %.1f after; threads %d before, %d after%n",
          sent, heap / 1e6, usedHeap() / 1e6, threads, Thread.activeCount());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private void send(Rig rig, int count) {
    for (int i = 0; i < count; i++, sent++) {
      try (RawClient client = new RawClient(rig.uri("/"))) {
        client.send(garbled().getBytes(StandardCharsets.ISO_8859_1));
        if (random.nextInt(4) == 0) {
          client.readSome();
        }
      } catch (IOException e) {
        // The server has closed, which it may.
      }
    }
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private String garbled() {
    StringBuilder request = new StringBuilder();
    for (int i = 0; i <= random.nextInt(2); i++) {
      request.append(WHOLE.get(random.nextInt(WHOLE.size())));
    }
    for (int i = random.nextInt(6); i > 0; i--) {
      change(request);
    }
    return request.toString();
  }

  private void change(StringBuilder request) {
    int at = random.nextInt(request.length());
    switch (random.nextInt(5)) {
      case 0 -> request.setCharAt(at, (char) random.nextInt(256));
      case 1 -> request.insert(at, PARTS.get(random.nextInt(PARTS.size())));
      case 2 ->
          request.delete(Math.max(1, at), Math.min(request.length(), at + 1 + random.nextInt(20)));
      case 3 -> request.setLength(Math.max(1, at));
      default -> request.insert(at, request.substring(at, Math.min(request.length(), at + 200)));
    }
  }
}
