package dev.serving.trace.export;

import dev.serving.trace.config.BatchConfig;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes one batch after another and tries to deliver it until it is, or its deadline is over. */
final class BatchSender implements Runnable {
  /**
   * Under a span that is not recorded no agent records what it makes of an export: OkHttp's sender
   * asks for that by a key that not every agent knows, other senders do not ask.
   */
  private static final Span UNTRACED =
      Span.wrap(
          SpanContext.create(
              "5e7e0000000000000000000000000001",
              "5e7e000000000001",
              TraceFlags.getDefault(),
              TraceState.getDefault()));

  private final SpanQueue queue;
  private final SpanCourier courier;
  private final ExportListener listener;
  private final BatchConfig config;
  private final Duration timeout;
  private final Backoff backoff;
  private final CountDownLatch closing;

  BatchSender(
      SpanQueue queue,
      SpanCourier courier,
      ExportListener listener,
      BatchConfig config,
      Duration timeout,
      CountDownLatch closing) {
    this.queue = queue;
    this.courier = courier;
    this.listener = listener;
    this.config = config;
    this.timeout = timeout;
    this.backoff = new Backoff(this.config.firstBackoff(), this.config.maxBackoff());
    this.closing = closing;
  }

  @Override
  public void run() {
    Context.root().with(UNTRACED).wrap(this::deliverAll).run();
  }

  private void deliverAll() {
    try {
      boolean open = true;
      while (open) {
        open = deliverNext();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // Of a batch that is done nothing is held here while the next one is waited for.
  private boolean deliverNext() throws InterruptedException {
    SpanBatch batch = queue.take();
    if (batch != null) {
      deliver(batch);
    }
    return batch != null;
  }

  private void deliver(SpanBatch batch) throws InterruptedException {
    try {
      long deadline = System.nanoTime() + config.deadline().toNanos();
      deliver(batch, batch.spans(), deadline);
      queue.release(batch);
    } catch (RuntimeException | Error e) { // as of a class that is missing: the next batch may pass
      drop(batch, batch.spans().size(), ExportFault.REJECTED, ExportFault.INTERNAL, e.toString());
      queue.release(batch);
    }
  }

  // The queue cuts by what it estimates; what proves too large is halved until it is not.
  private void deliver(SpanBatch batch, List<SpanData> spans, long deadline)
      throws InterruptedException {
    int size = spans.size();
    SpanReceipt receipt = insist(spans, deadline);
    if (receipt instanceof SpanReceipt.Delivered delivered) {
      settle(batch, size, delivered);
    } else if (receipt instanceof SpanReceipt.Refused refused) {
      drop(batch, size, ExportFault.REJECTED, ExportFault.REJECTED, refused.why());
    } else if (receipt instanceof SpanReceipt.Later later) {
      drop(batch, size, ExportFault.DEADLINE, ExportFault.DEADLINE, later.why());
    } else if (size == 1) {
      drop(batch, 1, ExportFault.TOO_LARGE, ExportFault.TOO_LARGE, "after encoding");
    } else {
      deliver(batch, spans.subList(0, size / 2), deadline);
      deliver(batch, spans.subList(size / 2, size), deadline);
    }
  }

  /** Tries until there is an answer for good, or the deadline is over. */
  private SpanReceipt insist(List<SpanData> spans, long deadline) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      SpanReceipt receipt = courier.send(spans, attemptTime(deadline));
      if (!(receipt instanceof SpanReceipt.Later later) || !pause(attempt, later, deadline)) {
        return receipt;
      }
      listener.retried();
    }
  }

  private Duration attemptTime(long deadline) {
    long left = Math.max(1_000_000, deadline - System.nanoTime());
    return Duration.ofNanos(Math.min(left, timeout.toNanos()));
  }

  /** Waits for another attempt; false if the deadline came first. */
  private boolean pause(int failures, SpanReceipt.Later later, long deadline)
      throws InterruptedException {
    listener.fault(later.fault(), later::why);
    long left = deadline - System.nanoTime();
    long wanted = backoff.pause(failures).toNanos();
    if (left > 0) {
      sleep(Math.min(wanted, left));
    }
    return wanted < left;
  }

  // Who closes wants the queue emptied: the pause ends at once, and the next ones are short.
  private void sleep(long nanos) throws InterruptedException {
    if (closing.getCount() == 0) {
      TimeUnit.NANOSECONDS.sleep(Math.min(nanos, config.firstBackoff().toNanos()));
    } else {
      var unused = closing.await(nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void settle(SpanBatch batch, int spans, SpanReceipt.Delivered receipt) {
    int rejected = (int) Math.min(spans, Math.max(0, receipt.rejected()));
    if (rejected > 0 || !receipt.why().isEmpty()) {
      drop(batch, rejected, ExportFault.REJECTED, ExportFault.REJECTED, receipt.why());
    }
    listener.delivered(batch.settle(spans - rejected, true), receipt.bytes());
  }

  private void drop(SpanBatch batch, int spans, ExportFault reason, ExportFault fault, String why) {
    listener.lost(reason, batch.settle(spans, false));
    listener.fault(fault, () -> spans + " spans, " + why);
  }
}
