package dev.serving.core.frontend;

import dev.serving.core.config.BlameLimits;
import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.ApiException;
import dev.serving.core.frontend.api.Json;
import dev.serving.core.frontend.http.Exchange;
import dev.serving.core.frontend.http.Handler;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The accounts of the last requests, for who asks {@code GET /blame}: of a request by its id or its
 * trace's ({@code ?request=}), or of the slowest ({@code ?slowest=}). Nobody hears of requests that
 * came with another key. Any thread.
 */
final class BlameBook implements Handler, RequestListener {
  private final Deque<Settled> last = new ArrayDeque<>();
  private final boolean keyed;

  /** With keys, each client hears of its own requests alone. */
  BlameBook(boolean keyed) {
    this.keyed = keyed;
  }

  /** Those that never came to an engine are left out: a flood of them would drive others out. */
  @Override
  public synchronized void accounted(Generation generation, Settled settled) {
    if (generation.choices().size() == 0) {
      return;
    }
    last.addFirst(settled);
    if (last.size() > BlameLimits.KEPT) {
      last.removeLast();
    }
  }

  @Override
  public void handle(Exchange exchange) {
    String query = exchange.head().query();
    List<BlameReport> found =
        find(query == null ? "" : query, exchange.client()).map(Settled::report).toList();
    exchange.answer(200, "application/json", Json.bytes(Map.of("requests", found)));
  }

  private Stream<Settled> find(String query, String client) {
    if (query.startsWith("request=")) {
      String id = query.substring("request=".length());
      return visible(client).filter(s -> s.request().is(id)).limit(1);
    }
    return visible(client)
        .sorted(Comparator.comparingLong((Settled s) -> -s.account().whole().totalNs()))
        .limit(count(query));
  }

  private synchronized Stream<Settled> visible(String client) {
    return List.copyOf(last).stream().filter(s -> !keyed || client.equals(s.request().client()));
  }

  private static int count(String query) {
    if (query.isEmpty()) {
      return BlameLimits.TOLD;
    }
    String asked = query.replaceFirst("^slowest=", "");
    if (!asked.matches("[1-9]\\d{0,2}") || Integer.parseInt(asked) > BlameLimits.MOST) {
      throw new ApiException(
          ApiError.malformed(
              "Ask for ?request=ID, or for ?slowest=N, 1 to " + BlameLimits.MOST + "."));
    }
    return Integer.parseInt(asked);
  }
}
