package dev.serving.cli.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Sends the requests of a plan, each at its time. */
final class Load {
  private final LoadConfig config;
  private final Api api;
  private final Consumer<Outcome> heard;
  private final Semaphore free;
  private final AtomicInteger open = new AtomicInteger();
  private int mostOpen;

  /**
   * A load.
   *
   * @param heard is told of each outcome, from threads of the HTTP client
   */
  Load(LoadConfig config, Api api, Consumer<Outcome> heard) {
    this.config = config;
    this.api = api;
    this.heard = heard;
    this.free = new Semaphore(config.maxConcurrency());
  }

  /**
   * Sends them all and waits until the last has ended.
   *
   * @throws InterruptedException when interrupted: no further one is sent, and nobody waits for
   *     those that are open
   */
  void run(Plan plan, long beginNanos) throws InterruptedException {
    while (plan.hasNext()) {
      PlannedRequest request = plan.next();
      long due = beginNanos + request.offsetNanos();
      sleepUntil(due);
      free.acquire();
      long from = config.isOpen() ? due : System.nanoTime();
      if (config.hasDuration() && from - beginNanos > config.duration().toNanos()) {
        free.release();
        break;
      }
      send(request, from);
    }
    free.acquire(config.maxConcurrency());
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private void send(PlannedRequest request, long from) {
    mostOpen = Math.max(mostOpen, open.incrementAndGet());
    CompletableFuture<Void> unused =
        Exchange.send(api, request, from)
            .thenAccept(
                outcome -> {
                  open.decrementAndGet();
                  heard.accept(outcome);
                  free.release();
                });
  }

  /** Requests that are open now. */
  int open() {
    return open.get();
  }

  /** Most requests that were open at a time; to be read after the run. */
  int mostOpen() {
    return mostOpen;
  }
}
