package dev.serving.trace.export;

import dev.serving.trace.config.BatchConfig;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes one batch after another and tries to deliver it until it is, or its deadline is over. */
final class BatchSender implements Runnable {
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
          drop(batch, 1, ExportFault.TOO_LARGE, ExportFault.TOO_LARGE, "after encoding");
        } else {
          deliverLoad(batch, end - start, deadline);
        }
        end = start;
      }
      queue.release(batch);
    } catch (RuntimeException e) {
      drop(batch, batch.spans().length, ExportFault.REJECTED, ExportFault.INTERNAL, e.toString());
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
        drop(batch, spans, ExportFault.REJECTED, ExportFault.REJECTED, refused.why());
        return;
      } else if (receipt instanceof SpanReceipt.Later later && !pause(attempt, later, deadline)) {
        drop(batch, spans, ExportFault.DEADLINE, ExportFault.DEADLINE, later.why());
        return;
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
      drop(batch, rejected, ExportFault.REJECTED, ExportFault.REJECTED, receipt.why());
    }
    listener.delivered(batch.settle(spans - rejected, true), receipt.bytes());
  }

  private void drop(SpanBatch batch, int spans, ExportFault reason, ExportFault fault, String why) {
    listener.lost(reason, batch.settle(spans, false));
    listener.fault(fault, () -> spans + " spans, " + why);
  }
}
