package dev.serving.core.frontend;

import dev.serving.trace.Tracing;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The threads of the workers {@code preprocess} and {@code postprocess}, each known to tracing.
 *
 * <p>Preprocess threads share one bounded queue. Each postprocess thread has its own, and a request
 * always goes to the same one: its state needs no lock and its outputs stay in order.
 */
final class Workers implements AutoCloseable {
  private final ThreadPoolExecutor preprocess;
  private final ThreadPoolExecutor[] postprocess;
  private final AtomicInteger next = new AtomicInteger();

  Workers(int preprocessThreads, int postprocessThreads, int queue, Tracing tracing) {
    preprocess =
        new ThreadPoolExecutor(
            preprocessThreads,
            preprocessThreads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            threads("preprocess", tracing));
    postprocess =
        Stream.generate(() -> postprocessThread(tracing))
            .limit(postprocessThreads)
            .toArray(ThreadPoolExecutor[]::new);
  }

  private ThreadPoolExecutor postprocessThread(Tracing tracing) {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(), // bounded by the open requests and what engines make for them
        threads("postprocess", tracing));
  }

  private static ThreadFactory threads(String label, Tracing tracing) {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Runnable registered =
          () -> {
            tracing.threadInfo(label, null, null);
            work.run();
          };
      Thread thread = new Thread(registered, label + "-" + count.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Shared; refuses work by {@link java.util.concurrent.RejectedExecutionException} when full. */
  Executor preprocess() {
    return preprocess;
  }

  /** The thread of one request. Work after the end is dropped. */
  Executor postprocessFor() {
    ThreadPoolExecutor thread =
        postprocess[Math.floorMod(next.getAndIncrement(), postprocess.length)];
    return work -> {
      if (!thread.isShutdown()) {
        thread.execute(new Logged(work));
      }
    };
  }

  /** Work that waits for the preprocess threads. */
  int preprocessWaiting() {
    return preprocess.getQueue().size();
  }

  @Override
  public void close() {
    preprocess.shutdown();
    Stream.of(postprocess).forEach(ExecutorService::shutdown);
    try {
      preprocess.awaitTermination(5, TimeUnit.SECONDS);
      for (ExecutorService thread : postprocess) {
        thread.awaitTermination(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A failure of one request's work must not end the thread that serves others. */
  private record Logged(Runnable work) implements Runnable {
    @Override
    public void run() {
      try {
        work.run();
      } catch (RuntimeException e) {
        System.getLogger(Workers.class.getName())
            .log(System.Logger.Level.ERROR, "postprocessing failed", e);
      }
    }
  }
}
