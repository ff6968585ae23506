package dev.serving.viewer.store;

import java.util.Arrays;

/**
 * The terms that occur in a block. While it grows, a table of the whole hashes; sealed, the upper
 * halves in order, which takes a fifth of the room and is wrong once in some hundred thousand
 * questions. Never says no to a term that is there.
 */
final class TermSet {
  private static final int LEAST = 64;

  private long[] table = new long[LEAST];
  private int size;
  private int[] sealed;

  /** Whether it was not there yet. */
  boolean add(long term) {
    long kept = term == 0 ? 1 : term;
    int slot = slotOf(kept);
    if (table[slot] == kept) {
      return false;
    }
    table[slot] = kept;
    if (++size * 8 > table.length * 5) {
      grow();
    }
    return true;
  }

  boolean mayHold(long term) {
    long kept = term == 0 ? 1 : term;
    return sealed == null
        ? table[slotOf(kept)] == kept
        : Arrays.binarySearch(sealed, (int) (kept >>> 32)) >= 0;
  }

  boolean mayHoldAny(long[] terms) {
    for (long term : terms) {
      if (mayHold(term)) {
        return true;
      }
    }
    return false;
  }

  boolean isSealed() {
    return sealed != null;
  }

  void seal() {
    sealed =
        Arrays.stream(table)
            .filter(term -> term != 0)
            .mapToInt(term -> (int) (term >>> 32))
            .sorted()
            .distinct()
            .toArray();
    table = null;
  }

  /** What it takes of the heap, in bytes. */
  long bytes() {
    return sealed == null ? (long) table.length * Long.BYTES : (long) sealed.length * Integer.BYTES;
  }

  private int slotOf(long term) {
    int mask = table.length - 1;
    int slot = (int) term & mask;
    while (table[slot] != 0 && table[slot] != term) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] old = table;
    table = new long[2 * old.length];
    for (long term : old) {
      if (term != 0) {
        table[slotOf(term)] = term;
      }
    }
  }
}
