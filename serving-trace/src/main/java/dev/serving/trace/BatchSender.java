package dev.serving.trace;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes one batch after another and tries to deliver it until it is, or its deadline is over. */
final class BatchSender implements Runnable {
  private final SpanQueue queue;
  private final SpanCourier courier;
  private final TracingMetrics metrics;
  private final BatchConfig config;
  private final Duration timeout;
  private final Backoff backoff;
  private final CountDownLatch closing;

  BatchSender(
      SpanQueue queue,
      SpanCourier courier,
      TracingMetrics metrics,
      TracingConfig config,
      CountDownLatch closing) {
    this.queue = queue;
    this.courier = courier;
    this.metrics = metrics;
    this.config = config.batch();
    this.timeout = config.otlp().timeout();
    this.backoff = new Backoff(this.config.firstBackoff(), this.config.maxBackoff());
    this.closing = closing;
  }

  @Override
  public void run() {
    try {
      for (SpanBatch batch = queue.take(); batch != null; batch = queue.take()) {
        deliver(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      courier.close();
    }
  }

  private void deliver(SpanBatch batch) throws InterruptedException {
    try {
      long deadline = System.nanoTime() + config.deadline().toNanos();
      int end = batch.spans().length;
      while (end > 0) {
        int start = courier.load(batch.spans(), end);
        if (start == end) {
          start--;
          drop(batch, 1, DropReason.TOO_LARGE, TraceFault.TOO_LARGE, "after encoding");
        } else {
          deliverLoad(batch, end - start, deadline);
        }
        end = start;
      }
      queue.release(batch);
    } catch (RuntimeException e) {
      drop(batch, batch.spans().length, DropReason.REJECTED, TraceFault.INTERNAL, e.toString());
      queue.release(batch);
    }
  }

  private void deliverLoad(SpanBatch batch, int spans, long deadline) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      SpanReceipt receipt = courier.send(attemptTime(deadline));
      if (receipt instanceof SpanReceipt.Delivered delivered) {
        settle(batch, spans, delivered);
        return;
      } else if (receipt instanceof SpanReceipt.Refused refused) {
        drop(batch, spans, DropReason.REJECTED, TraceFault.REJECTED, refused.why());
        return;
      } else if (receipt instanceof SpanReceipt.Later later && !pause(attempt, later, deadline)) {
        drop(batch, spans, DropReason.DEADLINE, TraceFault.DEADLINE, later.why());
        return;
      }
      metrics.retried();
    }
  }

  private Duration attemptTime(long deadline) {
    long left = Math.max(1_000_000, deadline - System.nanoTime());
    return Duration.ofNanos(Math.min(left, timeout.toNanos()));
  }

  /** Waits for another attempt; false if the deadline came first. */
  private boolean pause(int failures, SpanReceipt.Later later, long deadline)
      throws InterruptedException {
    metrics.faultLog().report(later.fault(), later::why);
    long left = deadline - System.nanoTime();
    long wanted = backoff.pause(failures, later.pause()).toNanos();
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
      drop(batch, rejected, DropReason.REJECTED, TraceFault.REJECTED, receipt.why());
    }
    metrics.delivered(batch.settle(spans - rejected, true), receipt.bytes());
  }

  private void drop(SpanBatch batch, int spans, DropReason reason, TraceFault fault, String why) {
    metrics.lost(reason, batch.settle(spans, false));
    metrics.faultLog().report(fault, () -> spans + " spans, " + why);
  }
}
