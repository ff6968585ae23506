package dev.serving.core.frontend;

import static dev.serving.trace.GenAiAttributes.INPUT_MESSAGES;
import static dev.serving.trace.GenAiAttributes.OUTPUT_MESSAGES;

import dev.serving.blame.RequestPath;
import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.api.ApiException;
import dev.serving.core.frontend.api.Endpoint;
import dev.serving.core.frontend.api.GenerateRequest;
import dev.serving.core.frontend.api.Piece;
import dev.serving.core.frontend.api.Timings;
import dev.serving.core.frontend.engines.EngineClient;
import dev.serving.core.frontend.engines.OutputListener;
import dev.serving.core.frontend.engines.Submission;
import dev.serving.core.frontend.http.Ending;
import dev.serving.core.frontend.http.Exchange;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import java.util.Optional;

/**
 * One request for text, from its arrival until its last byte is written and the engine has let go.
 *
 * <p>Made by an event loop, filled by the preprocess thread that calls {@link #work}; from then on,
 * and from {@link #refused} on, all of it happens on one postprocess thread, whatever thread
 * reports it.
 */
final class Generation implements OutputListener {
  private final Exchange exchange;
  private final Endpoint endpoint;
  private final String rid;
  private final RequestTrace trace;
  private final EngineClient engines;
  private final PostprocessThread worker;
  private final RequestListener listener;
  private final Accounts accounts;

  private final Answer answer;
  private final Failure failure = new Failure();
  private final TokenClock clock = new TokenClock();
  private final RequestClock way;
  private GenerateRequest request;
  private Choices choices = Choices.none();
  private volatile boolean answerBegun;
  private boolean prepared;
  private Ending ending;
  private boolean ended;

  Generation(
      Exchange exchange,
      Endpoint endpoint,
      String rid,
      RequestTrace trace,
      EngineClient engines,
      PostprocessThread worker,
      RequestListener listener,
      Accounts accounts) {
    this.exchange = exchange;
    this.endpoint = endpoint;
    this.rid = rid;
    this.trace = trace;
    this.engines = engines;
    this.worker = worker;
    this.listener = listener;
    this.accounts = accounts;
    this.way = new RequestClock(exchange.head().firstByteNanos());
    this.answer = new Answer(exchange);
    exchange.piecesBy(worker.wakeups());
    exchange.onReading((reads, nanos) -> worker.execute(() -> clientReads(reads, nanos)));
    exchange.ending().thenAccept(e -> worker.execute(() -> exchangeEnded(e)));
  }

  String rid() {
    return rid;
  }

  /** Whose it is: see {@link Exchange#client}. */
  String client() {
    return exchange.client();
  }

  /** Whether its client has heard something, or there is something for it. Any thread. */
  boolean answerBegun() {
    return answerBegun || exchange.status() != 0;
  }

  RequestTrace trace() {
    return trace;
  }

  /** Who asked, by the client's own account; empty before the body was parsed. */
  Optional<String> user() {
    return Optional.ofNullable(request).map(GenerateRequest::user);
  }

  /** Its choices; none before it goes to an engine, and when it never does. */
  Choices choices() {
    return choices;
  }

  /**
   * Makes tokens of the request and hands it to an engine; whatever goes wrong is told to its
   * client. Preprocess thread.
   *
   * @param timeoutNanos after which it is ended, from its first byte
   */
  void work(Preprocess preprocess, long timeoutNanos) {
    way.work();
    try {
      request = preprocess.parse(endpoint, exchange.body());
      trace.parsed(request);
      listener.preprocessing(this);
      trace.content(INPUT_MESSAGES, () -> GenAiContent.input(request, preprocess::text));
      submit(preprocess.prepare(endpoint, rid, client(), request, trace), timeoutNanos);
    } catch (ApiException e) {
      refuse(e.error());
    } catch (RuntimeException e) {
      System.getLogger(Generation.class.getName())
          .log(System.Logger.Level.ERROR, "cannot prepare request " + rid, e);
      refuse(ApiError.internal("The server failed; its log says why."));
    }
  }

  private void submit(Prepared made, long timeoutNanos) {
    if (!exchange.hold(made.weight())) {
      throw new ApiException(ApiError.crowded());
    }
    answer.writer(made.writer());
    choices = made.choices(); // before the engine hears of them: it may answer at once
    long deadline = exchange.head().firstByteNanos() + timeoutNanos;
    Submission submission = new Submission(made.generates(), this, deadline);
    way.submitted();
    if (!trace.dispatch(() -> engines.submit(submission))) {
      throw new ApiException(
          ApiError.unavailable("overloaded", "Too many requests wait; try again later."));
    }
    trace.preprocessed(choices.promptTokens());
    listener.dispatched(this, choices.promptTokens(), choices.size());
    worker.execute(this::submitted);
  }

  private void submitted() {
    prepared = true;
    if (answer.over()) {
      choices.cancelOpen(engines);
    }
    endWhenOver();
  }

  private void refuse(ApiError error) {
    trace.refused(error);
    refused(error);
  }

  /** The request goes no further. Any thread, before it was submitted. */
  void refused(ApiError error) {
    worker.execute(
        () -> {
          prepared = true;
          choices = Choices.none();
          fail(error);
          endWhenOver();
        });
  }

  @Override
  public void sent(int dpRank) {
    way.sent(dpRank);
  }

  @Override
  public void output(Output output) {
    long heard = System.nanoTime();
    worker.later(() -> take(output, heard)); // the link wakes it once for all of a step
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

  private void take(Output output, long heard) {
    long now = System.nanoTime();
    Choice choice = choices.get(output.rid());
    if (choice == null || !choice.open) {
      return;
    }
    choice.open = output.finish() == null;
    choice.engineEnded(output.finish());
    if (output.finish() != null && lost(output.finish())) {
      failedByEngine(output);
    } else if (ending == null && !answer.over()) {
      advance(choice, output, heard, now);
    }
    if (!choice.open) {
      choice.hops.end(output, heard, now);
      choice.trace.lastOutput(output.carrier(), choice.outputTokens());
      if (request.timings() && choices.finished() && !choices.open()) {
        concludeWithTimings();
      }
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

  private void advance(Choice choice, Output output, long heard, long now) {
    if (output.tokens().isEmpty() && output.finish() == null) {
      choice.score(output.promptLogprobs());
      return;
    }
    choice.trace.firstOutput();
    long sinceLast = -1;
    if (!output.tokens().isEmpty()) {
      choice.hops.tokens(output, heard, now);
      sinceLast = tick(choice, now);
    }
    Piece piece = push(choice, output, sinceLast);
    if (choice.finish() != null && choice.open) {
      choice.cancel(engines, FinishReason.STOP);
    }
    if (piece != null) {
      deliver(choice, piece);
    }
    if (choices.finished()) {
      if (!request.timings()) {
        conclude(null);
      }
    } else if (choice.finish() != null && answer.streams()) {
      choice.trace.written(System.nanoTime());
    }
  }

  private long tick(Choice choice, long now) {
    if (clock.tick(now) < 0) {
      answerBegun = true;
      listener.firstOutput(this);
    }
    return choice.clock.tick(now);
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

  private void conclude(Timings timings) {
    if (request.stream()) {
      answer.finish(request.includeUsage() ? choices.usage() : null, timings);
    } else {
      answer.whole(choices.texts(), choices.usage(), timings);
    }
    way.concluded();
  }

  /** What an answer that tells its own times waits for is over: the engine has let go of it. */
  private void concludeWithTimings() {
    long now = System.nanoTime();
    RequestPath path = way.path(choices.paths(), now, now);
    accounts.settle(
        this,
        path,
        settled ->
            worker.execute(
                () -> {
                  if (!answer.over()) {
                    conclude(AnswerTimings.of(settled.account(), choices, clock));
                  }
                }));
  }

  /** No more is made than the client takes; what is made already it gets all the same. */
  private void clientReads(boolean reads, long nanos) {
    if (choices.open()) {
      way.clientReads(reads, nanos);
      choices.pause(engines, !reads);
    }
  }

  /** Whether its client did not read for a while, so that tokens came when it did. */
  boolean waitedForClient() {
    return !way.unread().isEmpty();
  }

  private void cut(String reason) {
    if (!answer.over()) {
      failure.cut(reason);
    }
  }

  /** Tells the client, once, that there is no answer, and has the engine let go. */
  private void fail(ApiError error) {
    if (answer.fail(error)) {
      failure.told(error);
      way.concluded();
    }
    choices.cancelOpen(engines);
  }

  private void exchangeEnded(Ending how) {
    ending = how;
    if (how.kind() != Ending.Kind.WRITTEN) {
      answer.lost();
      failure.unheard(how.kind());
      choices.cancelOpen(engines);
    }
    listener.written(this);
    choices.written(how.nanos(), failure.cutShort() != null);
    endWhenOver();
  }

  private void endWhenOver() {
    boolean all = prepared && ending != null && !choices.open();
    if (all && !ended) {
      ended = true;
      long now = System.nanoTime();
      RequestPath path = way.path(choices.paths(), ending.nanos(), now);
      accounts.settle(this, path, settled -> worker.execute(() -> end(settled, now)));
    }
  }

  private void end(Settled settled, long endedNanos) {
    Outcome outcome = Outcome.of(endpoint, exchange, failure, choices, clock, endedNanos);
    if (request != null) {
      trace.answered(outcome, request);
      trace.content(OUTPUT_MESSAGES, () -> GenAiContent.output(choices.texts()));
    }
    trace.accounted(settled);
    listener.accounted(this, settled);
    trace.end(outcome, failure.cutShort(), failure.error(), ending.bodyBytes(), endedNanos);
    listener.ended(this, outcome);
  }
}
