package dev.serving.core.frontend;

import static dev.serving.trace.GenAiAttributes.OUTPUT_MESSAGES;

import dev.serving.core.frontend.api.AnswerWriter;
import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.Endpoint;
import dev.serving.core.frontend.api.GenerateRequest;
import dev.serving.core.frontend.api.Piece;
import dev.serving.core.frontend.api.Usage;
import dev.serving.core.frontend.engines.EngineClient;
import dev.serving.core.frontend.engines.OutputListener;
import dev.serving.core.frontend.http.Ending;
import dev.serving.core.frontend.http.Exchange;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * One request for text, from its arrival until its last byte is written and the engine has let go.
 *
 * <p>Made by an event loop, filled by a preprocess thread; from {@link #submitted} or {@link
 * #refused} on, all of it happens on one postprocess thread, whatever thread reports it.
 */
final class Generation implements OutputListener {
  private final Exchange exchange;
  private final Endpoint endpoint;
  private final String rid;
  private final RequestTrace trace;
  private final EngineClient engines;
  private final Executor worker;
  private final RequestListener listener;

  private final Answer answer;
  private GenerateRequest request;
  private int promptTokens;
  private final Map<String, Choice> choices = new LinkedHashMap<>();
  private boolean prepared;
  private ApiError failure;
  private String errorType;
  private String cutShort;
  private Ending ending;
  private long firstTokenNanos;
  private long lastTokenNanos;
  private boolean ended;

  Generation(
      Exchange exchange,
      Endpoint endpoint,
      String rid,
      RequestTrace trace,
      EngineClient engines,
      Executor worker,
      RequestListener listener) {
    this.exchange = exchange;
    this.endpoint = endpoint;
    this.rid = rid;
    this.trace = trace;
    this.engines = engines;
    this.worker = worker;
    this.listener = listener;
    this.answer = new Answer(exchange);
    exchange.ending().thenAccept(e -> worker.execute(() -> exchangeEnded(e)));
  }

  Exchange exchange() {
    return exchange;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  String rid() {
    return rid;
  }

  RequestTrace trace() {
    return trace;
  }

  /** Who asked, by the client's own account; empty before the body was parsed. */
  Optional<String> user() {
    return Optional.ofNullable(request).map(GenerateRequest::user);
  }

  /** Its choices; none before it goes to an engine, and when it never does. */
  Collection<Choice> choices() {
    return choices.values();
  }

  /** How many choices there are for each prompt. */
  int n() {
    return request.n();
  }

  /** The body is a valid request. Preprocess thread. */
  void parsed(GenerateRequest parsed) {
    request = parsed;
    trace.parsed(parsed);
    listener.preprocessing(this);
  }

  /** Takes in what preprocessing made, before the engine hears of it. Preprocess thread. */
  void prepare(AnswerWriter answers, int tokens, List<Choice> list) {
    answer.writer(answers);
    promptTokens = tokens;
    list.forEach(choice -> choices.put(choice.rid, choice));
  }

  /** The engine link has the request. Preprocess thread. */
  void submitted() {
    trace.preprocessed(promptTokens);
    listener.dispatched(this, promptTokens, choices.size());
    worker.execute(
        () -> {
          prepared = true;
          if (ending != null) {
            cancelOpen();
          }
          endWhenOver();
        });
  }

  /** The request goes no further. Any thread, before it was submitted. */
  void refused(ApiError error) {
    worker.execute(
        () -> {
          prepared = true;
          choices.clear();
          fail(error);
          endWhenOver();
        });
  }

  @Override
  public void output(Output output) {
    worker.execute(() -> take(output));
  }

  @Override
  public void expired() {
    worker.execute(
        () -> {
          cut("timeout");
          fail(ApiError.timeout());
        });
  }

  /** Ends the request although it is not done. Any thread. */
  void abandon(String reason, ApiError error) {
    worker.execute(
        () -> {
          cut(reason);
          fail(error);
          endWhenOver();
        });
  }

  private void take(Output output) {
    Choice choice = choices.get(output.rid());
    if (choice == null || !choice.open) {
      return;
    }
    choice.open = output.finish() == null;
    choice.engineEnded(output.finish());
    if (output.finish() != null && lost(output.finish())) {
      failedByEngine(output);
    } else if (ending == null && !answer.over()) {
      advance(choice, output);
    }
    if (!choice.open) {
      choice.trace.lastOutput(output.carrier(), choice.outputTokens());
    }
    endWhenOver();
  }

  private boolean lost(FinishReason reason) {
    return reason.failed() || reason == FinishReason.ABORT;
  }

  private void failedByEngine(Output output) {
    if (output.finish() == FinishReason.ERROR) {
      cut(output.error());
    }
    fail(EngineErrors.of(output));
  }

  private void advance(Choice choice, Output output) {
    if (output.tokens().isEmpty() && output.finish() == null) {
      choice.score(output.promptLogprobs());
      return;
    }
    choice.trace.firstOutput();
    long sinceLast = output.tokens().isEmpty() ? -1 : clock(choice);
    Piece piece = push(choice, output, sinceLast);
    if (choice.finish() != null && choice.open) {
      choice.cancelled = true;
      engines.cancel(choice.rid, FinishReason.STOP);
    }
    if (piece != null) {
      deliver(choice, piece);
    }
    if (choices.values().stream().allMatch(c -> c.finish() != null)) {
      conclude();
    } else if (choice.finish() != null && answer.streams()) {
      choice.trace.written(System.nanoTime());
    }
  }

  private long clock(Choice choice) {
    lastTokenNanos = System.nanoTime();
    if (firstTokenNanos == 0) {
      firstTokenNanos = lastTokenNanos;
      listener.firstOutput(this);
    }
    return choice.sinceLast(lastTokenNanos);
  }

  private Piece push(Choice choice, Output output, long sinceLast) {
    boolean first = choice.prefilled();
    int before = choice.outputTokens();
    Piece piece = choice.push(output);
    if (first) {
      listener.prefilled(this, choice);
    }
    listener.tokens(this, choice.outputTokens() - before, sinceLast);
    return piece;
  }

  private void deliver(Choice choice, Piece piece) {
    if (!request.stream() || trace.capturesContent()) {
      if (!exchange.hold(piece.weight())) {
        cut("overloaded");
        fail(ApiError.crowded());
        return;
      }
      choice.keep(piece);
    }
    if (request.stream()) {
      answer.send(piece, choices.size());
    }
  }

  private void conclude() {
    if (request.stream()) {
      answer.finish(request.includeUsage() ? usage() : null);
    } else {
      answer.whole(texts(), usage());
    }
  }

  private List<Piece> texts() {
    return choices.values().stream().map(Choice::whole).toList();
  }

  private Usage usage() {
    return Usage.of(promptTokens, outputTokens(), cachedTokens());
  }

  private int outputTokens() {
    return choices.values().stream().mapToInt(Choice::outputTokens).sum();
  }

  private int cachedTokens() {
    return choices.values().stream()
        .filter(c -> c.index % request.n() == 0) // the first of each prompt; its siblings share it
        .mapToInt(Choice::cachedTokens)
        .sum();
  }

  private void cut(String reason) {
    cutShort = cutShort == null && !answer.over() ? reason : cutShort;
  }

  /** Tells the client, once, that there is no answer, and has the engine let go. */
  private void fail(ApiError error) {
    if (answer.fail(error)) {
      failure = error;
      errorType = error.name();
    }
    cancelOpen();
  }

  private void cancelOpen() {
    for (Choice choice : choices.values()) {
      if (choice.open && !choice.cancelled) {
        choice.cancelled = true;
        engines.cancel(choice.rid, FinishReason.ABORT);
      }
    }
  }

  private void exchangeEnded(Ending how) {
    ending = how;
    if (how.kind() != Ending.Kind.WRITTEN) {
      answer.lost();
      boolean slow = how.kind() == Ending.Kind.CLIENT_SLOW;
      errorType = slow ? "client_slow" : "client_gone";
      cutShort = slow ? "the client did not read its answer" : "the client is gone";
      cancelOpen();
    }
    listener.written(this);
    for (Choice choice : choices.values()) {
      if (cutShort == null) {
        choice.trace.written(how.nanos());
      } else {
        choice.trace.cutShort(how.nanos());
      }
    }
    endWhenOver();
  }

  private void endWhenOver() {
    boolean all = prepared && ending != null && choices.values().stream().noneMatch(c -> c.open);
    if (all && !ended) {
      ended = true;
      Outcome outcome = outcome();
      if (request != null) {
        trace.answered(outcome, request);
        trace.content(OUTPUT_MESSAGES, () -> GenAiContent.output(texts()));
      }
      trace.end(outcome, cutShort, failure, ending.bodyBytes());
      listener.ended(this, outcome);
    }
  }

  private Outcome outcome() {
    List<String> reasons = new ArrayList<>();
    choices.values().stream().map(Choice::finish).filter(f -> f != null).forEach(reasons::add);
    return new Outcome(
        endpoint,
        exchange.status(),
        errorType,
        choices.isEmpty() ? 0 : promptTokens,
        outputTokens(),
        cachedTokens(),
        reasons,
        seconds(firstTokenNanos),
        seconds(lastTokenNanos),
        seconds(System.nanoTime()));
  }

  private double seconds(long nanos) {
    return nanos == 0 ? -1 : (nanos - exchange.head().firstByteNanos()) / 1e9;
  }
}
