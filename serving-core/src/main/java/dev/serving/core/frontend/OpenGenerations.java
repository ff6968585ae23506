package dev.serving.core.frontend;

import dev.serving.core.fairness.Greediest;
import dev.serving.core.frontend.api.ApiError;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The requests for text that are open: how many may be, and whether there may be new ones. Where
 * there are as many as may be, the newest of whoever has most makes way for somebody who has fewer,
 * as long as nothing was answered to it.
 */
final class OpenGenerations implements RequestListener {
  private final int limit;
  private final Set<Generation> open = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<Generation>> held = new HashMap<>(); // without those making way
  private int counted;
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
    if (counted >= limit && !makeWay(generation.client())) {
      return ApiError.tooManyRequests(limit);
    }
    open.add(generation);
    held.computeIfAbsent(generation.client(), client -> new LinkedHashSet<>()).add(generation);
    counted++;
    return null;
  }

  /** Ends one of somebody else's, if that is just. */
  private boolean makeWay(String newcomer) {
    String greediest = Greediest.of(held, newcomer, Set::size);
    Generation newest = greediest == null ? null : newestUnanswered(held.get(greediest));
    if (newest == null) {
      return false;
    }
    release(newest);
    newest.abandon("others' turn", ApiError.tooManyRequests(limit));
    return true;
  }

  private static Generation newestUnanswered(Collection<Generation> theirs) {
    Generation newest = null;
    for (Generation generation : theirs) {
      newest = generation.answerBegun() ? newest : generation;
    }
    return newest;
  }

  private void release(Generation generation) {
    Set<Generation> theirs = held.get(generation.client());
    if (theirs != null && theirs.remove(generation)) {
      counted--;
      if (theirs.isEmpty()) {
        held.remove(generation.client());
      }
    }
  }

  @Override
  public synchronized void ended(Generation generation, Outcome outcome) {
    open.remove(generation);
    release(generation);
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
