package dev.serving.core.engine;

import dev.serving.core.engine.Sequence.State;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The sequences of open requests, each in one of three rooms: it waits, it runs, or it is set aside
 * since its client does not read. Owned by the scheduler's thread.
 */
final class OpenSequences {
  /** Those that wait for their turn. */
  final ClientTurns waiting = new ClientTurns();

  /** Those that are in the next step, the most senior first. */
  final SortedSet<Sequence> running = new TreeSet<>(Sequence.SENIORITY);

  /** Those that are set aside. */
  final PausedSequences paused = new PausedSequences();

  private final Map<String, Sequence> all = new HashMap<>();
  private final int places;
  private final EngineListener listener;

  /** None; at most so many run. */
  OpenSequences(int places, EngineListener listener) {
    this.places = places;
    this.listener = listener;
  }

  /** The request's; null when it is not open. */
  Sequence get(String rid) {
    return all.get(rid);
  }

  /** All of them as they are now. */
  List<Sequence> all() {
    return List.copyOf(all.values());
  }

  /** Whether there is anything to do now: what is set aside is not. */
  boolean haveWork() {
    return !running.isEmpty() || !waiting.isEmpty() || !paused.ready().isEmpty();
  }

  /** Whether no more can run. */
  boolean isFull() {
    return running.size() >= places;
  }

  /** A new one, which waits. */
  void open(Sequence sequence) {
    all.put(sequence.rid, sequence);
    waiting.open(sequence);
    enqueue(sequence);
  }

  /** It waits from now on; one whose client does not read is set aside and waits for that first. */
  void enqueue(Sequence sequence) {
    sequence.queued(System.nanoTime());
    int before = waiting.before(sequence);
    if (sequence.paused()) { // its turn does not come before its client reads
      paused.add(sequence);
    } else {
      paused.remove(sequence);
      waiting.add(sequence);
    }
    listener.queued(sequence.rid, sequence.carrier(), sequence.promptLength, before);
  }

  /** It neither waits nor runs until {@link #goOn}. */
  void setAside(Sequence sequence) {
    waiting.remove(sequence);
    running.remove(sequence);
    paused.add(sequence);
  }

  /** It goes on where it was before it was set aside. */
  void goOn(Sequence sequence) {
    paused.remove(sequence);
    if (sequence.state() == State.RUNNING) {
      running.add(sequence);
    } else {
      waiting.add(sequence);
    }
  }

  /** It is open no more. One that never was open may be given too. */
  void close(Sequence sequence) {
    waiting.remove(sequence);
    running.remove(sequence);
    paused.remove(sequence);
    if (all.remove(sequence.rid, sequence)) {
      waiting.close(sequence);
    }
  }
}
