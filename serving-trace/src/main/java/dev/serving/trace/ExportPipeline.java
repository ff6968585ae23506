package dev.serving.trace;

import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The way of finished spans out of the process: a bounded queue and a few senders. It drops rather
 * than blocks, and every span it was handed ends up in {@link TracingMetrics#balance}.
 */
final class ExportPipeline implements SpanSink, AutoCloseable {
  private final SpanQueue queue;
  private final TracingMetrics metrics;
  private final BatchConfig config;
  private final Runnable afterwards;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<SpanCourier> couriers = new ArrayList<>();
  private final List<Thread> senders = new ArrayList<>();

  /** Exports through an exporter of whatever kind; it is shut down with the pipeline. */
  ExportPipeline(SpanExporter exporter, TracingConfig config, TracingMetrics metrics) {
    this(() -> new ExporterCourier(exporter), () -> shutdown(exporter), config, metrics);
  }

  /**
   * Exports to where the configuration says.
   *
   * @throws TracingConfigException if it names files that cannot be used
   */
  static ExportPipeline start(TracingConfig config, TracingMetrics metrics) {
    return switch (config.exporter()) {
      case CONSOLE -> new ExportPipeline(new ConsoleExporter(System.out), config, metrics);
      case NONE -> throw new TracingConfigException("there is no exporter to start");
      case OTLP -> overOtlp(config, metrics);
    };
  }

  private static ExportPipeline overOtlp(TracingConfig config, TracingMetrics metrics) {
    OtlpConfig otlp = config.otlp();
    OtlpTls tls = "https".equals(otlp.uri().getScheme()) ? OtlpTls.of(otlp) : null;
    int maxBytes = config.batch().maxBatchBytes();
    return new ExportPipeline(
        () -> new OtlpCourier(otlp, new OtlpClient(otlp, tls), maxBytes),
        () -> {},
        config,
        metrics);
  }

  private ExportPipeline(
      Supplier<SpanCourier> courier,
      Runnable afterwards,
      TracingConfig config,
      TracingMetrics metrics) {
    this.config = config.batch();
    this.queue = new SpanQueue(config.batch());
    this.metrics = metrics;
    this.afterwards = afterwards;
    metrics.observe(queue::accepted, queue::usedBytes);
    for (int i = 0; i < this.config.senders(); i++) {
      start(i, courier.get(), config);
    }
  }

  @Override
  @SuppressWarnings("CatchingUnchecked") // a span that cannot be read must not harm who made it
  public void accept(SpanData span) {
    try {
      DropReason reason = queue.offer(span);
      if (reason != null) {
        refuse(reason);
        settled(span);
      }
    } catch (RuntimeException e) {
      metrics.faultLog().report(TraceFault.INTERNAL, e::toString);
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
  boolean flush(Duration timeout) {
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
    if (!awaitSenders(config.shutdown())) {
      couriers.forEach(SpanCourier::close);
      senders.forEach(Thread::interrupt);
      awaitSenders(Duration.ofMillis(500));
    }
    dropTheRest();
    afterwards.run();
  }

  private void start(int number, SpanCourier courier, TracingConfig whole) {
    couriers.add(courier);
    BatchSender sender = new BatchSender(queue, courier, metrics, whole, closing);
    Thread thread = daemon(sender, "trace-export-" + number);
    senders.add(thread);
    thread.start();
  }

  private void refuse(DropReason reason) {
    metrics.refused(reason);
    TraceFault fault =
        switch (reason) {
          case QUEUE_FULL -> TraceFault.QUEUE_FULL;
          case TOO_LARGE -> TraceFault.TOO_LARGE;
          default -> TraceFault.CLOSED;
        };
    metrics.faultLog().reportOneOfMany(fault, () -> "a span was dropped");
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
      int left = batch.settle(batch.spans().length, false);
      metrics.lost(DropReason.CLOSED, left);
      queue.release(batch);
      spans += left;
    }
    if (spans > 0) {
      String why = spans + " spans had not been delivered";
      metrics.faultLog().report(TraceFault.CLOSED, () -> why);
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private static void shutdown(SpanExporter exporter) {
    exporter.shutdown().join(1, TimeUnit.SECONDS);
  }
}
