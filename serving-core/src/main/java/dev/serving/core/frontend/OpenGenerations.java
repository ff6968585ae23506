package dev.serving.core.frontend;

import dev.serving.core.frontend.api.ApiError;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The requests for text that are open: how many may be, and whether there may be new ones. */
final class OpenGenerations implements RequestListener {
  private final int limit;
  private final Set<Generation> open = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  OpenGenerations(int limit) {
    this.limit = limit;
  }

  int count() {
    return open.size();
  }

  /** Counts a request in; returns why it cannot be served, or null. Any thread. */
  synchronized ApiError admit(Generation generation) {
    if (draining) {
      return ApiError.unavailable("shutting_down", "The server is shutting down.");
    }
    if (open.size() >= limit) {
      return ApiError.tooManyRequests(limit);
    }
    open.add(generation);
    return null;
  }

  @Override
  public synchronized void ended(Generation generation, Outcome outcome) {
    open.remove(generation);
    notifyAll();
  }

  boolean draining() {
    return draining;
  }

  /** Lets nothing new in and waits until all are over; false when it took too long. */
  synchronized boolean drain(long millis) throws InterruptedException {
    draining = true;
    long end = System.nanoTime() + millis * 1_000_000;
    while (!open.isEmpty()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** Ends what is still open. */
  void abandonAll() {
    open.forEach(
        g ->
            g.abandon(
                "the server is shutting down",
                ApiError.unavailable("shutting_down", "The server is shutting down.")));
  }
}
