package dev.serving.core.frontend.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a connection does when nothing happens in time: one thing at a time. Its event loop only.
 */
final class Deadline {
  private Future<?> pending;

  /** From now on this is done after so long, and not what was to be done before. */
  void set(EventExecutor loop, Duration time, Runnable action) {
    cancel();
    pending = loop.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Nothing is to be done. */
  void cancel() {
    if (pending != null) {
      pending.cancel(false);
    }
  }
}
