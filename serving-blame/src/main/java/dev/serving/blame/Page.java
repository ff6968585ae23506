package dev.serving.blame;

import java.nio.ByteBuffer;

/**
 * Steps that an engine noted, and what their parts cost as it was known when they came: every
 * request that was in one of them is told the same.
 *
 * @param words the steps, for {@link Step}
 * @param costs what they cost, for {@link Step}
 * @param cost what that was made of
 * @param firstNs when the first was planned
 * @param lastPlannedNs when the last was
 * @param lastNs when the last was over, and in the ledger after all before it
 * @param lastNumber the number of the last
 */
record Page(
    long[] words,
    double[] costs,
    Cost cost,
    long firstNs,
    long lastPlannedNs,
    long lastNs,
    long lastNumber) {
  /** Longs of a page as it was sent; null when it holds no whole steps. */
  static long[] read(byte[] sent) {
    long[] words = new long[sent.length / Long.BYTES];
    ByteBuffer.wrap(sent).asLongBuffer().get(words);
    if (words.length == 0) {
      return null;
    }
    Step step = new Step(words);
    do {
      if (!step.isWhole()) {
        return null;
      }
    } while (step.next());
    return words;
  }

  /** A page of so much, whose end is after that of the one before it. */
  static Page of(long[] words, Cost cost, long afterNs) {
    Step step = new Step(words);
    long first = step.plannedNs();
    while (step.next()) {
      // the last one is looked for
    }
    long last = Math.max(step.completedNs(), afterNs + 1);
    double[] costs = Step.price(words, cost);
    return new Page(words, costs, cost, first, step.plannedNs(), last, step.number());
  }

  long bytes() {
    return (long) words.length * Long.BYTES + (long) costs.length * Double.BYTES;
  }

  Step steps() {
    return new Step(words, costs);
  }
}
