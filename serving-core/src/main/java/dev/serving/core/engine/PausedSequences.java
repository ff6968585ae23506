package dev.serving.core.engine;

import dev.serving.core.engine.Sequence.State;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Sequences that are in no step since their clients did not read. They keep their KV blocks, and
 * are the first to lose them. Owned by the scheduler's thread.
 */
final class PausedSequences {
  private final SortedSet<Sequence> all = new TreeSet<>(Sequence.SENIORITY);

  int size() {
    return all.size();
  }

  void add(Sequence sequence) {
    all.add(sequence);
  }

  void remove(Sequence sequence) {
    all.remove(sequence);
  }

  /** Those whose clients have read again; the most senior first. */
  List<Sequence> ready() {
    List<Sequence> ready = new ArrayList<>(0);
    for (Sequence sequence : all) {
      if (!sequence.paused()) {
        ready.add(sequence);
      }
    }
    return ready;
  }

  /** Who loses its KV blocks to whoever needs some: the most junior; null when none has any. */
  Sequence victim() {
    Sequence victim = null;
    for (Sequence sequence : all) {
      victim = sequence.state() == State.RUNNING ? sequence : victim;
    }
    return victim;
  }
}
