package dev.serving.blame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sums by key, without an object for each: most requests have many neighbours. From step to step
 * they come in the same order, but for those who come and go: who came after whom is remembered, so
 * that a key is looked for only where that has changed. One thread.
 */
final class KeySums {
  private static final int FEW = 32;

  private int[] places = new int[2 * FEW]; // by keys' hashes: where each is, from 1
  private long[] keys = new long[FEW];
  private double[] nanos = new double[FEW];
  private long[] amounts = new long[FEW];
  private int[] times = new int[FEW];
  private int[] next = new int[FEW]; // where who came after each is
  private final boolean largest;
  private int size;
  private int last;

  /** Of each key's amounts the largest is kept, or their sum. */
  KeySums(boolean largest) {
    this.largest = largest;
  }

  void add(long key, double ns, long amount) {
    int at = next[last];
    if (keys[at] != key || at >= size) {
      at = find(key);
      next[last] = at;
    }
    last = at;
    nanos[at] += ns;
    amounts[at] = largest ? Math.max(amounts[at], amount) : amounts[at] + amount;
    times[at]++;
  }

  private int find(long key) {
    int place = place(key);
    if (places[place] == 0) {
      if (size == keys.length) {
        grow();
        place = place(key);
      }
      keys[size] = key;
      places[place] = ++size;
    }
    return places[place] - 1;
  }

  /** Where a key's place is told, or is to be. */
  private int place(long key) {
    int mask = places.length - 1;
    int place = (int) (key ^ key >>> 32) & mask;
    while (places[place] != 0 && keys[places[place] - 1] != key) {
      place = place + 1 & mask;
    }
    return place;
  }

  private void grow() {
    int more = 2 * size;
    keys = Arrays.copyOf(keys, more);
    nanos = Arrays.copyOf(nanos, more);
    amounts = Arrays.copyOf(amounts, more);
    times = Arrays.copyOf(times, more);
    next = Arrays.copyOf(next, more);
    places = new int[2 * more];
    for (int at = 0; at < size; at++) {
      places[place(keys[at])] = at + 1;
    }
  }

  /** Those with the most, in that order. */
  List<Culprit> most(Cause cause, int count) {
    int[] chosen = new int[count];
    int found = 0;
    for (int at = 0; at < size; at++) {
      found = insert(at, chosen, found);
    }
    List<Culprit> most = new ArrayList<>(found);
    for (int i = 0; i < found; i++) {
      int at = chosen[i];
      most.add(new Culprit(cause, keys[at], Math.round(nanos[at]), amounts[at], times[at]));
    }
    return most;
  }

  /** Puts one in its place among those found, the last of which may drop out; says how many. */
  private int insert(int one, int[] chosen, int found) {
    int at = found;
    while (at > 0 && nanos[chosen[at - 1]] < nanos[one]) {
      at--;
    }
    if (at < chosen.length) {
      int behind = Math.min(found, chosen.length - 1);
      System.arraycopy(chosen, at, chosen, at + 1, behind - at);
      chosen[at] = one;
    }
    return Math.min(found + 1, chosen.length);
  }
}
