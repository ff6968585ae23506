package dev.serving.cli.load;

import dev.serving.cli.load.Outcome.Ending;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * One request: sent, its answer read line by line, each piece of text noted when it comes. The
 * client library calls it from one thread at a time.
 */
final class Exchange implements Flow.Subscriber<String> {
  private static final String DATA = "data:";
  private static final String END = "[DONE]";

  private final PlannedRequest planned;
  private final long dueNanos;
  private final List<Long> texts = new ArrayList<>();
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private Flow.Subscription lines;
  private boolean ended;
  private int inputTokens;
  private int outputTokens;
  private int status = 200;

  private Exchange(PlannedRequest planned, long dueNanos) {
    this.planned = planned;
    this.dueNanos = dueNanos;
  }

  /**
   * Sends a request.
   *
   * @param dueNanos when it was to begin
   * @return what becomes of it; never completes by an exception
   */
  static CompletableFuture<Outcome> send(Api api, PlannedRequest planned, long dueNanos) {
    Exchange exchange = new Exchange(planned, dueNanos);
    CompletableFuture<HttpResponse<Void>> response =
        api.client()
            .sendAsync(
                api.streamed(planned.prompt(), planned.outputTokens()),
                info -> exchange.reader(info.statusCode()));
    CompletableFuture<Void> unused =
        response.handle(
            (answer, e) -> {
              exchange.end(e == null ? null : reason(e));
              return null;
            });
    long timeout = api.target().timeout().toNanos();
    return exchange
        .outcome
        .copy()
        .orTimeout(timeout, TimeUnit.NANOSECONDS)
        .exceptionally(e -> exchange.giveUp(response));
  }

  private Outcome giveUp(CompletableFuture<?> response) {
    response.cancel(true);
    end("timeout");
    return outcome.join();
  }

  private BodySubscriber<Void> reader(int code) {
    status = code;
    return code == 200
        ? BodySubscribers.fromLineSubscriber(this)
        : BodySubscribers.mapping(BodySubscribers.ofString(StandardCharsets.UTF_8), this::refused);
  }

  private Void refused(String body) {
    end("http " + status + ": " + Refusal.of(body));
    return null;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    lines = subscription;
    if (planned.leavesAfter() == 0) {
      leave();
    }
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public synchronized void onNext(String line) {
    long now = System.nanoTime();
    if (ended || !line.startsWith(DATA)) {
      return;
    }
    String data = line.substring(DATA.length()).strip();
    if (data.equals(END)) {
      end(null);
      return;
    }
    try {
      take(Api.JSON.readTree(data), now);
    } catch (JacksonException e) {
      end("an event that is no JSON");
    }
  }

  private void take(JsonNode event, long now) {
    if (event.has("error")) {
      end("in the stream: " + Refusal.of(event.toString()));
      return;
    }
    JsonNode usage = event.path("usage");
    inputTokens = usage.path("prompt_tokens").asInt(inputTokens);
    outputTokens = usage.path("completion_tokens").asInt(outputTokens);
    if (isText(event.path("choices").path(0))) {
      texts.add(now);
      if (texts.size() == planned.leavesAfter()) {
        leave();
      }
    }
  }

  private static boolean isText(JsonNode choice) {
    return !choice.path("text").asString("").isEmpty()
        || !choice.path("delta").path("content").asString("").isEmpty()
        || !choice.path("delta").path("reasoning_content").asString("").isEmpty();
  }

  private void leave() {
    complete(Ending.CANCELLED, "");
    lines.cancel();
  }

  @Override
  public void onError(Throwable e) {
    end(reason(e));
  }

  @Override
  public void onComplete() {
    end("the answer broke off: no [DONE]");
  }

  private static String reason(Throwable thrown) {
    Throwable e = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    if (e instanceof ConnectException) {
      return "connection refused";
    }
    return "connection: "
        + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
  }

  private void end(String error) {
    complete(error == null ? Ending.ANSWERED : Ending.FAILED, error == null ? "" : error);
  }

  private synchronized void complete(Ending ending, String error) {
    if (ended) {
      return;
    }
    ended = true;
    int tokens = outputTokens == 0 ? texts.size() : outputTokens;
    outcome.complete(
        new Outcome(
            ending, dueNanos, System.nanoTime(), List.copyOf(texts), inputTokens, tokens, error));
  }
}
