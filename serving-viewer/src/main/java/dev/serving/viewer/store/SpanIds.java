package dev.serving.viewer.store;

/** The ids of one trace's spans: a table of the bare numbers, as most traces are small and many. */
final class SpanIds {
  private long[] table = new long[4];
  private int size;

  /** Whether it was not there yet; an id is never 0. */
  boolean add(long id) {
    int slot = slotOf(id);
    if (table[slot] == id) {
      return false;
    }
    table[slot] = id;
    if (++size * 5 > table.length * 4) {
      grow();
    }
    return true;
  }

  boolean holds(long id) {
    return table[slotOf(id)] == id;
  }

  /** What it takes of the heap, in bytes. */
  long bytes() {
    return 16L + (long) table.length * Long.BYTES;
  }

  private int slotOf(long id) {
    int mask = table.length - 1;
    // Ids are random by rule, and counted by some.
    int slot = (int) ((id * 0x9E3779B97F4A7C15L) >>> 40) & mask;
    while (table[slot] != 0 && table[slot] != id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] old = table;
    table = new long[2 * old.length];
    for (long id : old) {
      if (id != 0) {
        table[slotOf(id)] = id;
      }
    }
  }
}
