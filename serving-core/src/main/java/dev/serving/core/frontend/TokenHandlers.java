package dev.serving.core.frontend;

import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.ApiException;
import dev.serving.core.frontend.api.Json;
import dev.serving.core.frontend.api.TokenRequests;
import dev.serving.core.frontend.api.TokenRequests.Detokenize;
import dev.serving.core.frontend.api.TokenRequests.Tokenize;
import dev.serving.core.frontend.http.Exchange;
import dev.serving.core.frontend.http.Handler;
import dev.serving.core.model.text.EndlessTextException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Answers what tokens a text or a conversation makes, and what text tokens make. */
final class TokenHandlers {
  private final ServedModel model;
  private final Workers workers;

  TokenHandlers(ServedModel model, Workers workers) {
    this.model = model;
    this.workers = workers;
  }

  /** Both run on the preprocess threads: a long text would hold an event loop up. */
  Handler tokenize() {
    return exchange -> run(exchange, this::tokens);
  }

  Handler detokenize() {
    return exchange -> run(exchange, this::text);
  }

  private void run(Exchange exchange, Function<byte[], Map<String, Object>> work) {
    workers.preprocess(exchange, () -> answer(exchange, work), exchange::answer);
  }

  private static void answer(Exchange exchange, Function<byte[], Map<String, Object>> work) {
    try {
      exchange.answer(200, "application/json", Json.bytes(work.apply(exchange.body())));
    } catch (ApiException e) {
      exchange.answer(e.error());
    } catch (EndlessTextException e) {
      exchange.answer(ApiError.tooLong("prompt", "The prompt makes " + e.getMessage() + "."));
    } catch (RuntimeException e) {
      System.getLogger(TokenHandlers.class.getName())
          .log(System.Logger.Level.ERROR, "cannot answer " + exchange.head().path(), e);
      exchange.answer(ApiError.internal("The server failed; its log says why."));
    }
  }

  private Map<String, Object> tokens(byte[] body) {
    Tokenize request = TokenRequests.tokenize(body);
    request.model().ifPresent(model::require);
    int[] tokens = model.tokens(request.prompt());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("count", tokens.length);
    answer.put("tokens", tokens);
    if (request.withText()) {
      answer.put("token_strs", model.pieces(tokens));
    }
    return answer;
  }

  private Map<String, Object> text(byte[] body) {
    Detokenize request = TokenRequests.detokenize(body);
    request.model().ifPresent(model::require);
    for (int token : request.tokens()) {
      model.requireToken("tokens", token);
    }
    return Map.of("prompt", model.tokenizer().decode(request.tokens(), true));
  }
}
