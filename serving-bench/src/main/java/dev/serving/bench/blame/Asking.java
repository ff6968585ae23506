package dev.serving.bench.blame;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A request that is being answered: its stream begins with its first token. Any thread.
 *
 * @param begun completes with the answer's head
 * @param over completes when all of it was read
 */
record Asking(CompletableFuture<HttpResponse<Stream<String>>> begun, CompletableFuture<Long> over) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Asks now. */
  static Asking post(URI uri, String json) {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    CompletableFuture<HttpResponse<Stream<String>>> begun =
        CLIENT.sendAsync(request, BodyHandlers.ofLines());
    return new Asking(begun, begun.thenApplyAsync(answer -> answer.body().count()));
  }

  /** Waits for the first token. */
  Asking awaitFirst() {
    begun.join();
    return this;
  }

  /** Waits for the end; the request's id. */
  String awaitEnd() {
    over.join();
    return begun.join().headers().firstValue("x-request-id").orElseThrow();
  }
}
