package dev.serving.blame;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Sums by key, without an object for each: most requests have many neighbours. One thread. */
final class KeySums {
  private long[] keys = new long[16];
  private double[] nanos = new double[16];
  private long[] amounts = new long[16];
  private int[] times = new int[16]; // 0: nobody is there
  private final boolean largest;
  private int size;

  /** Of each key's amounts the largest is kept, or their sum. */
  KeySums(boolean largest) {
    this.largest = largest;
  }

  void add(long key, double ns, long amount) {
    int at = place(key);
    if (times[at] == 0) {
      if (2 * ++size > keys.length) {
        grow();
        at = place(key);
      }
      keys[at] = key;
    }
    nanos[at] += ns;
    amounts[at] = largest ? Math.max(amounts[at], amount) : amounts[at] + amount;
    times[at]++;
  }

  private int place(long key) {
    int mask = keys.length - 1;
    int at = (int) (key ^ key >>> 32) & mask;
    while (times[at] != 0 && keys[at] != key) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldKeys = keys;
    double[] oldNanos = nanos;
    long[] oldAmounts = amounts;
    int[] oldTimes = times;
    keys = Arrays.copyOf(keys, 2 * keys.length);
    nanos = new double[keys.length];
    amounts = new long[keys.length];
    times = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldTimes[i] != 0) {
        int at = place(oldKeys[i]);
        keys[at] = oldKeys[i];
        nanos[at] = oldNanos[i];
        amounts[at] = oldAmounts[i];
        times[at] = oldTimes[i];
      }
    }
  }

  /** Those with the most, in that order. */
  List<Culprit> most(Cause cause, int count) {
    return IntStream.range(0, keys.length)
        .filter(i -> times[i] != 0)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -nanos[i]))
        .limit(count)
        .map(i -> new Culprit(cause, keys[i], Math.round(nanos[i]), amounts[i], times[i]))
        .toList();
  }
}
