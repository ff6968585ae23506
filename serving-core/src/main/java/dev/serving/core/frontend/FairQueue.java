package dev.serving.core.frontend;

import dev.serving.core.fairness.Greediest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Work that waits for a few threads. Those whom it is for take turns, so that somebody with a
 * thousand requests waits long and his neighbour with one does not; and where too much waits, it is
 * what came last of whoever has most that is refused. Any thread.
 */
final class FairQueue {
  private final int limit;
  private final Map<String, Deque<Waiting>> waiting = new HashMap<>();
  private final Queue<String> turns = new ArrayDeque<>();
  private final Queue<Runnable> first = new ArrayDeque<>();
  private int size;
  private boolean closed;

  /** Holds so much work at most. */
  FairQueue(int limit) {
    this.limit = limit;
  }

  /**
   * Adds work for somebody.
   *
   * @param refused run instead, once, by whatever thread, when too much waits or nobody works any
   *     more
   */
  void add(String whom, Runnable work, Runnable refused) {
    Waiting loser = add(whom, new Waiting(work, refused));
    if (loser != null) {
      loser.refused.run();
    }
  }

  /** Returns what has no place; null where all have one. */
  private synchronized Waiting add(String whom, Waiting work) {
    String greediest = size < limit ? null : Greediest.of(waiting, whom, Deque::size);
    if (closed || (size >= limit && greediest == null)) {
      return work;
    }
    Waiting loser = greediest == null ? null : waiting.get(greediest).removeLast();
    size += loser == null ? 1 : 0;
    Deque<Waiting> theirs = waiting.computeIfAbsent(whom, w -> new ArrayDeque<>());
    if (theirs.isEmpty()) {
      turns.add(whom);
    }
    theirs.add(work);
    notify();
    return loser;
  }

  /** Adds a moment's work before all other. */
  synchronized void addFirst(Runnable work) {
    first.add(work);
    notify();
  }

  synchronized int size() {
    return size;
  }

  /** Lets no more in; what waits is still done. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Works until the queue is closed and empty. A failure of one piece ends only that. */
  void work() {
    for (Runnable work = next(); work != null; work = next()) {
      RequestWork.run(work);
    }
  }

  private synchronized Runnable next() {
    while (first.isEmpty() && turns.isEmpty()) {
      if (closed) {
        return null;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        return null;
      }
    }
    return first.isEmpty() ? nextInTurn() : first.remove();
  }

  private Runnable nextInTurn() {
    String whom = turns.remove();
    Deque<Waiting> theirs = waiting.get(whom);
    Runnable work = theirs.remove().work;
    size--;
    if (theirs.isEmpty()) {
      waiting.remove(whom);
    } else {
      turns.add(whom);
    }
    return work;
  }

  private record Waiting(Runnable work, Runnable refused) {}
}
