package dev.serving.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An answer while it comes: its lines so far, and whether it has ended. The caller chooses the
 * trace, so that it can be found also when no answer ever came; it can hang up, and let its answer
 * wait.
 */
final class AnswerStream {
  private static final String DATA = "data: ";

  /** Of the machine's own buffer for a client: as little as may be. */
  private static final int NARROW = 4096;

  private final String traceId = UUID.randomUUID().toString().replace("-", "");
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final Socket socket = new Socket();
  private volatile long failedNanos;

  private AnswerStream(URI server, String body, String key, boolean reads) throws IOException {
    if (!reads) {
      socket.setReceiveBufferSize(NARROW);
    }
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
    String head =
        """
        POST /v1/chat/completions HTTP/1.1
        Host: test
        Connection: close
        Content-Type: application/json
        Authorization: Bearer %s
        traceparent: 00-%s-00000000000000aa-01
        Content-Length: %d

        """
            .formatted(key, traceId, body.length())
            .replace("\n", "\r\n");
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
    if (reads) {
      readOn();
    }
  }

  /** Begins to read. */
  AnswerStream readOn() {
    Thread reader = new Thread(this::read, "answer");
    reader.setDaemon(true);
    reader.start();
    return this;
  }

  /** As {@link #ask(URI, String)}, by a client that does not read before it is told to. */
  static AnswerStream unread(URI server, String more) {
    return ask(server, "Tell me a story.", more, "none", false);
  }

  /** Asks for exactly so many tokens of a story. */
  static AnswerStream of(URI server, int tokens) {
    return ask(server, "\"stream\": true, \"ignore_eos\": true, \"max_tokens\": " + tokens);
  }

  /** Asks for a story; {@code more} is further members of the body. */
  static AnswerStream ask(URI server, String more) {
    return ask(server, "Tell me a story.", more);
  }

  static AnswerStream ask(URI server, String question, String more) {
    return ask(server, question, more, "none", true);
  }

  /** As {@link #of}, by the holder of a key. */
  static AnswerStream ofHolder(URI server, String key, int tokens) {
    String more = "\"stream\": true, \"ignore_eos\": true, \"max_tokens\": " + tokens;
    return ask(server, "Tell me a story.", more, key, true);
  }

  private static AnswerStream ask(
      URI server, String question, String more, String key, boolean reads) {
    String body =
        """
        {"model": "serving-demo", "temperature": 0, %s,
         "messages": [{"role": "user", "content": "%s"}]}"""
            .formatted(more, question);
    try {
      return new AnswerStream(server, body, key, reads);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
        if (line.contains("\"error\"") && failedNanos == 0) {
          failedNanos = System.nanoTime();
        }
      }
      end.complete(null);
    } catch (IOException e) {
      end.completeExceptionally(e);
    }
  }

  String traceId() {
    return traceId;
  }

  int status() {
    return lines.isEmpty() ? 0 : Integer.parseInt(lines.get(0).substring(9, 12));
  }

  String text() {
    return String.join("\n", lines);
  }

  /** What each event says of its choices. */
  List<String> choices() {
    return lines.stream()
        .filter(line -> line.contains("\"choices\":"))
        .map(line -> line.substring(line.indexOf("\"choices\":")))
        .toList();
  }

  /** Chunks that have come so far. */
  long chunks() {
    return lines.stream().filter(line -> line.startsWith(DATA)).count();
  }

  boolean ended() {
    return end.isDone();
  }

  /** Has this done by the thread that reads, as soon as the answer has ended. */
  AnswerStream whenEnded(Runnable action) {
    var unused = end.whenComplete((nothing, failure) -> action.run());
    return this;
  }

  boolean complete() {
    return lines.contains(DATA + "[DONE]") && !failed();
  }

  boolean failed() {
    return failedNanos != 0;
  }

  /** When the client was told that there is no (more) answer. */
  long failedNanos() {
    return failedNanos;
  }

  void hangUp() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
