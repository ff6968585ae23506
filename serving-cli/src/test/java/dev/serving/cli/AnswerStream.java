package dev.serving.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A streamed answer while it comes: its lines so far, and whether it has ended. */
final class AnswerStream {
  private static final String DATA = "data: ";

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> end;

  private AnswerStream(HttpClient client, HttpRequest request) {
    end =
        client
            .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
            .thenAccept(response -> response.body().forEach(lines::add));
  }

  /** Asks for exactly so many tokens of a story. */
  static AnswerStream of(URI server, int tokens) {
    String body =
        """
        {"model": "serving-demo", "stream": true, "ignore_eos": true, "max_tokens": %d,
         "temperature": 0, "messages": [{"role": "user", "content": "Tell me a story."}]}"""
            .formatted(tokens);
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/v1/chat/completions"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return new AnswerStream(
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), request);
  }

  /** Chunks that have come so far. */
  long chunks() {
    return lines.stream().filter(line -> line.startsWith(DATA)).count();
  }

  boolean ended() {
    return end.isDone();
  }

  boolean complete() {
    return lines.contains(DATA + "[DONE]") && !failed();
  }

  boolean failed() {
    return lines.stream().anyMatch(line -> line.contains("\"error\""));
  }
}
