package dev.serving.cli;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The lines of an answer, taken by one thread as they come. Unlike those of the JDK, an interrupt
 * ends the wait for one; and who closes them closes the connection, by which the server knows it.
 */
final class AnswerLines implements Flow.Subscriber<String>, AutoCloseable {
  /** A line; or the end, with a failure if it is none that was meant. */
  private record Heard(String line, Throwable failure) {}

  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private volatile Flow.Subscription subscription;
  private boolean ended;

  /** Takes a body's bytes; the lines are there when the body begins. */
  BodySubscriber<AnswerLines> subscriber() {
    return new Body(this, BodySubscribers.fromLineSubscriber(this));
  }

  private record Body(AnswerLines lines, BodySubscriber<Void> bytes)
      implements BodySubscriber<AnswerLines> {
    @Override
    public CompletionStage<AnswerLines> getBody() {
      return CompletableFuture.completedFuture(lines);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      bytes.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> some) {
      bytes.onNext(some);
    }

    @Override
    public void onError(Throwable failure) {
      bytes.onError(failure);
    }

    @Override
    public void onComplete() {
      bytes.onComplete();
    }
  }

  /**
   * The next line; empty at the end.
   *
   * @throws IOException when the answer broke off
   */
  Optional<String> next() throws IOException, InterruptedException {
    Heard next = heard.take();
    ended = next.line() == null;
    if (next.failure() != null) {
      throw new IOException(next.failure().getMessage(), next.failure());
    }
    return Optional.ofNullable(next.line());
  }

  @Override
  public void onSubscribe(Flow.Subscription lines) {
    subscription = lines;
    lines.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(String line) {
    heard.add(new Heard(line, null));
  }

  @Override
  public void onError(Throwable failure) {
    heard.add(new Heard(null, failure));
  }

  @Override
  public void onComplete() {
    heard.add(new Heard(null, null));
  }

  /** Takes no more. */
  @Override
  public void close() {
    if (!ended && subscription != null) {
      subscription.cancel();
    }
  }
}
