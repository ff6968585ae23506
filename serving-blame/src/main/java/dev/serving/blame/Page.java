package dev.serving.blame;

import java.nio.ByteBuffer;

/**
 * Steps that an engine noted, and what their parts cost as it was known when they came: every
 * request that was in one of them is told the same.
 */
record Page(long[] words, long firstNs, long lastNs, Cost cost) {
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

  long bytes() {
    return (long) words.length * Long.BYTES;
  }

  Step steps() {
    return new Step(words);
  }
}
