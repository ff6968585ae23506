package dev.serving.bench.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Clients that take what they can: connections that say nothing, bodies that never end, answers
 * that nobody reads on, prompts that fit no model. All of them go on until they are closed.
 */
final class Besiegers implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int UNFINISHED_BYTES = 160_000;
  private static final int UNFINISHED = 3_800;
  private static final int PAUSE_MILLIS = 5;
  private static final int IMPOSSIBLE_BYTES = 8_000_000;

  private final InetSocketAddress server;
  private final String model;
  private final Queue<Socket> all = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;

  Besiegers(URI uri, String model) {
    this.server = new InetSocketAddress(uri.getHost(), uri.getPort());
    this.model = model;
  }

  /** Opens so many connections, says nothing on them, and returns when all were tried. */
  void fallSilent(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      open();
    }
  }

  /**
   * Sends bodies that never end, two hundred in a second, and holds on to some thousands of them.
   * More in a second would only take the processor that the server shares with this process.
   */
  void flood() {
    start(
        () -> {
          Queue<Socket> mine = new ArrayDeque<>();
          byte[] part = post(UNFINISHED_BYTES + 10, "x".repeat(UNFINISHED_BYTES));
          while (!over) {
            Socket socket = open();
            mine.add(socket);
            send(socket, part);
            if (mine.size() > UNFINISHED) {
              mine.remove().close();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
          }
        });
  }

  /** Has so many long answers streamed, and reads a byte a second of each. */
  void readSlowly(int count) {
    start(
        () -> {
          List<Socket> mine = new ArrayList<>();
          String body =
              """
              {"model": "%s", "stream": true, "max_tokens": 400, "ignore_eos": true,
               "logprobs": true, "top_logprobs": 5,
               "messages": [{"role": "user", "content": "Tell me a story."}]}"""
                  .formatted(model);
          for (int i = 0; i < count && !over; i++) {
            Socket socket = open();
            mine.add(socket);
            send(socket, post(body.length(), body));
          }
          while (!over) {
            for (Socket socket : mine) {
              read(socket);
            }
            TimeUnit.SECONDS.sleep(1);
          }
        });
  }

  /** Sends a prompt of 8 MB in one word, and again when it was refused. */
  void askTheImpossible() {
    start(
        () -> {
          String body =
              "{\"model\": \"%s\", \"prompt\": \"%s\"}"
                  .formatted(model, "a".repeat(IMPOSSIBLE_BYTES));
          byte[] request = post(body.length(), body);
          while (!over) {
            try (Socket socket = open()) {
              send(socket, request);
              read(socket);
            }
            TimeUnit.SECONDS.sleep(1);
          }
        });
  }

  private Socket open() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(1024);
    socket.connect(server, TIMEOUT_MILLIS);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    all.add(socket);
    return socket;
  }

  private static byte[] post(int length, String body) {
    return ("POST /v1/%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n%s")
        .formatted(body.contains("\"prompt\"") ? "completions" : "chat/completions", length, body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static void send(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      // Refused, as it may be.
    }
  }

  private static void read(Socket socket) {
    try {
      int unused = socket.getInputStream().read();
    } catch (IOException e) {
      // Closed, as it may be.
    }
  }

  private void start(Work work) {
    Thread thread = new Thread(() -> untilOver(work), "besieger-" + threads.size());
    threads.add(thread);
    thread.start();
  }

  private void untilOver(Work work) {
    while (!over) {
      try {
        work.goOn();
      } catch (IOException e) {
        // No connection for now: once more.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() throws InterruptedException, IOException {
    over = true;
    for (Thread thread : threads) {
      thread.interrupt();
    }
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(20));
    }
    for (Socket socket : all) {
      socket.close();
    }
  }

  /** Work that goes on until it fails or is over. */
  private interface Work {
    void goOn() throws IOException, InterruptedException;
  }
}
