package dev.serving.trace.export;

import dev.serving.trace.config.BatchConfig;
import dev.serving.trace.config.OtlpConfig;
import dev.serving.trace.config.TracingConfigException;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of finished spans out of the process: a bounded queue and a few senders. It drops rather
 * than blocks, and its listener hears what became of every span it was handed.
 */
public final class ExportPipeline implements AutoCloseable {
  private final SpanQueue queue;
  private final SpanCourier courier;
  private final ExportListener listener;
  private final BatchConfig config;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Thread> senders = new ArrayList<>();
  private @Nullable ExportPipeline copies;

  /**
   * Exports through an exporter of whatever kind; it is shut down with the pipeline.
   *
   * @param timeout of one attempt
   */
  public ExportPipeline(
      SpanExporter exporter, BatchConfig config, Duration timeout, ExportListener listener) {
    this(new ExporterCourier(exporter), config, timeout, listener);
  }

  private ExportPipeline(
      SpanCourier courier, BatchConfig config, Duration timeout, ExportListener listener) {
    this.courier = courier;
    this.config = config;
    this.queue = new SpanQueue(config);
    this.listener = listener;
    listener.started(queue::accepted, queue::usedBytes);
    for (int i = 0; i < config.senders(); i++) {
      BatchSender sender = new BatchSender(queue, courier, listener, config, timeout, closing);
      Thread thread = daemon(sender, "trace-export-" + i);
      senders.add(thread);
      thread.start();
    }
  }

  /** Exports to standard output, one line a span. */
  public static ExportPipeline toConsole(BatchConfig config, ExportListener listener) {
    return new ExportPipeline(
        new ConsoleExporter(System.out), config, Duration.ofSeconds(10), listener);
  }

  /**
   * Exports to a receiver of OTLP.
   *
   * @throws TracingConfigException if the configuration names files that cannot be used
   */
  public static ExportPipeline overOtlp(
      OtlpConfig otlp, BatchConfig config, ExportListener listener) {
    SpanCourier courier = OtlpExporters.courier(otlp, config.maxBatchBytes());
    return new ExportPipeline(courier, config, otlp.timeout(), listener);
  }

  /**
   * Checks the client's key and certificates, if it has any.
   *
   * @throws TracingConfigException if they cannot be used
   */
  public static void checkClient(OtlpConfig otlp) {
    try {
      OtlpExporters.checkClient(otlp);
    } catch (LinkageError e) {
      // No exporter, or one that is too old: that is said where it is started.
    }
  }

  /**
   * Hands each span to another pipeline too, which is flushed and closed with this one. Neither
   * waits for the other, and each tells its own listener what became of a span. To be called before
   * the first span.
   *
   * @return this
   */
  public ExportPipeline copiedTo(ExportPipeline other) {
    copies = other;
    return this;
  }

  /** Takes a span that will not change any more. Never blocks or throws; for any thread. */
  public void accept(SpanData span) {
    take(span);
    if (copies != null) {
      copies.take(new CopiedSpan(span));
    }
  }

  @SuppressWarnings("CatchingUnchecked") // a span that cannot be read must not harm who made it
  private void take(SpanData span) {
    try {
      ExportFault reason = queue.offer(span);
      if (reason != null) {
        refuse(reason);
        settled(span);
      }
    } catch (RuntimeException e) {
      listener.fault(ExportFault.INTERNAL, e::toString);
      settled(span);
    }
  }

  private static void settled(SpanData span) {
    if (span instanceof NotedSpan noted) {
      noted.settled();
    }
  }

  /**
   * Hurries what is inside and waits for it.
   *
   * @return whether every span that was inside has been delivered in time
   */
  public boolean flush(Duration timeout) {
    long begin = System.nanoTime();
    boolean done = flushOwn(timeout);
    return copies == null
        ? done
        : copies.flush(timeout.minusNanos(System.nanoTime() - begin)) && done;
  }

  private boolean flushOwn(Duration timeout) {
    try {
      return queue.flush(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Sends what can still be sent in the time that the configuration gives, and drops the rest. */
  @Override
  public void close() {
    queue.close();
    closing.countDown();
    boolean done = awaitSenders(config.shutdown());
    if (!done) {
      courier.close();
      senders.forEach(Thread::interrupt);
      awaitSenders(Duration.ofMillis(500));
    }
    dropTheRest();
    if (done) {
      courier.close();
    }
    if (copies != null) {
      copies.close();
    }
  }

  private void refuse(ExportFault reason) {
    listener.refused(reason);
    listener.faultOfMany(reason, () -> "a span was dropped");
  }

  private boolean awaitSenders(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean all = true;
    try {
      for (Thread sender : senders) {
        TimeUnit.NANOSECONDS.timedJoin(sender, Math.max(1, deadline - System.nanoTime()));
        all &= !sender.isAlive();
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void dropTheRest() {
    List<SpanBatch> rest = new ArrayList<>(queue.taken());
    rest.addAll(queue.drain());
    int spans = 0;
    for (SpanBatch batch : rest) {
      int left = batch.settle(batch.spans().size(), false);
      listener.lost(ExportFault.CLOSED, left);
      queue.release(batch);
      spans += left;
    }
    if (spans > 0) {
      String why = spans + " spans had not been delivered";
      listener.fault(ExportFault.CLOSED, () -> why);
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
