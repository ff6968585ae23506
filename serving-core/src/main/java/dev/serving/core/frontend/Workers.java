package dev.serving.core.frontend;

import dev.serving.core.config.FrontendConfig.Pools;
import dev.serving.core.frontend.api.ApiError;
import dev.serving.core.frontend.http.ClientMemory;
import dev.serving.core.frontend.http.Exchange;
import dev.serving.trace.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The threads of the workers {@code preprocess} and {@code postprocess}, each known to tracing.
 *
 * <p>Preprocess threads share a queue in which clients take turns; long bodies have one of their
 * own and a thread of their own, beside the others' and not before them. Each postprocess thread
 * has its own queue, and a request always goes to the same one: its state needs no lock and its
 * outputs stay in order.
 */
final class Workers implements AutoCloseable {
  /** What takes longer to become tokens than others should wait, in bytes. */
  private static final int LONG_BODY = 64 << 10;

  private final ClientMemory memory;
  private final FairQueue bodies;
  private final FairQueue longBodies;
  private final List<Thread> preprocess = new ArrayList<>();
  private final List<PostprocessThread> postprocess;
  private final AtomicInteger next = new AtomicInteger();

  Workers(Pools pools, int queue, ClientMemory memory, Tracing tracing) {
    this.memory = memory;
    bodies = new FairQueue(queue);
    longBodies = new FairQueue(queue);
    ThreadFactory threads = threads("preprocess", tracing);
    for (int i = 0; i < pools.preprocess(); i++) {
      preprocess.add(threads.newThread(bodies::work));
    }
    preprocess.add(threads("preprocess-long", tracing).newThread(longBodies::work));
    preprocess.forEach(Thread::start);
    ThreadFactory after = threads("postprocess", tracing);
    postprocess =
        Stream.generate(() -> new PostprocessThread(after)).limit(pools.postprocess()).toList();
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

  /**
   * Has a preprocess thread do a request's work, in its client's turn. Counts what the work takes
   * before it takes it; the request's body is forgotten afterwards.
   *
   * @param refused told instead, by whatever thread, when there is no room for it
   */
  void preprocess(Exchange exchange, Runnable work, Consumer<ApiError> refused) {
    FairQueue queue = exchange.body().length > LONG_BODY ? longBodies : bodies;
    queue.add(
        exchange.client(),
        () -> weighed(exchange, work, refused),
        () -> refused.accept(ApiError.unavailable("overloaded", "Too many requests wait.")));
  }

  private void weighed(Exchange exchange, Runnable work, Consumer<ApiError> refused) {
    long weight = JsonWeight.of(exchange.body());
    if (exchange.ended()) {
      refused.accept(ApiError.crowded()); // which nobody hears: its client is gone
    } else if (weight > memory.most()) {
      refused.accept(ApiError.tooHeavy(weight, memory.most()));
    } else if (!exchange.hold(weight)) {
      refused.accept(ApiError.crowded());
    } else {
      try {
        work.run();
      } finally {
        exchange.forgetBody();
        exchange.release(weight);
      }
    }
  }

  /** The thread of one request. Work after the end is dropped. */
  PostprocessThread postprocessFor() {
    return postprocess.get(Math.floorMod(next.getAndIncrement(), postprocess.size()));
  }

  /** Wakes the postprocess threads that were given something for later. Any thread. */
  void wakePostprocess() {
    for (PostprocessThread thread : postprocess) {
      thread.wake();
    }
  }

  /** Work that waits for the preprocess threads. */
  int preprocessWaiting() {
    return bodies.size() + longBodies.size();
  }

  /** Gives a preprocess thread a moment's work, before all that waits. */
  void askPreprocess(Runnable work) {
    bodies.addFirst(work);
  }

  /** Each postprocess thread. */
  List<PostprocessThread> postprocess() {
    return postprocess;
  }

  @Override
  public void close() {
    bodies.close();
    longBodies.close();
    try {
      for (Thread thread : preprocess) {
        thread.join(5000);
      }
      for (PostprocessThread thread : postprocess) {
        thread.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
