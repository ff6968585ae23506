package dev.serving.core.frontend;

import dev.serving.core.frontend.api.Json;
import dev.serving.core.frontend.http.Exchange;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Whether this process can still do its work: each of its parts is given a moment's work, and all
 * have done it within a second. Whoever asks meanwhile gets the same answer. Any thread.
 */
final class Health {
  private static final String JSON = "application/json";

  private volatile List<Part> parts = List.of();
  private final long patienceMillis;
  private CompletableFuture<Set<String>> look = CompletableFuture.completedFuture(Set.of());

  Health(long patienceMillis) {
    this.patienceMillis = patienceMillis;
  }

  /** What the process consists of. */
  void of(List<Part> all) {
    parts = List.copyOf(all);
  }

  /** Answers 200, or 503 with the parts that did not answer. Returns at once. */
  void answer(Exchange exchange) {
    look()
        .thenAccept(
            silent ->
                exchange.answer(
                    silent.isEmpty() ? 200 : 503,
                    JSON,
                    Json.bytes(
                        silent.isEmpty()
                            ? Map.of("status", "alive")
                            : Map.of("status", "stuck", "no_answer_from", silent))));
  }

  /** The parts that do not answer, within the time that they have. */
  synchronized CompletableFuture<Set<String>> look() {
    if (look.isDone()) {
      look = lookAnew();
    }
    return look;
  }

  private CompletableFuture<Set<String>> lookAnew() {
    Set<String> silent = ConcurrentHashMap.newKeySet();
    CompletableFuture<?>[] answers =
        parts.stream().map(part -> ask(part, silent)).toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(answers)
        .completeOnTimeout(null, patienceMillis, TimeUnit.MILLISECONDS)
        .thenApply(all -> new TreeSet<>(silent));
  }

  private static CompletableFuture<Void> ask(Part part, Set<String> silent) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    silent.add(part.name());
    Runnable work =
        () -> {
          silent.remove(part.name());
          answer.complete(null);
        };
    try {
      part.ask().accept(work);
    } catch (RejectedExecutionException e) {
      answer.complete(null); // it has ended, and stays silent
    }
    return answer;
  }

  /**
   * A part of the process.
   *
   * @param name to tell operators
   * @param ask has the part's own thread run something soon
   */
  record Part(String name, Consumer<Runnable> ask) {}
}
