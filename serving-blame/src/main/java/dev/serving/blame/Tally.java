package dev.serving.blame;

/** Collects an interval's nanoseconds by cause, and who was the cause. One thread. */
final class Tally {
  private static final Cause[] CAUSES = Cause.values();

  private final long[] ns = new long[CAUSES.length];
  private final KeySums[] culprits = new KeySums[CAUSES.length];

  void add(Cause cause, long nanos) {
    ns[cause.ordinal()] += nanos;
  }

  /** Adds nanoseconds by weights of causes. */
  void split(long nanos, double[] weights) {
    Shares.split(nanos, weights, ns, Cause.UNEXPLAINED.ordinal());
  }

  /** Somebody was the cause of about so many of them; for a rank the key is its number. */
  void culprit(Cause cause, long key, double nanos, long amount) {
    if (nanos > 0) {
      KeySums sums = culprits[cause.ordinal()];
      if (sums == null) {
        sums = new KeySums(cause == Cause.QUEUE_BLOCKS);
        culprits[cause.ordinal()] = sums;
      }
      sums.add(key, nanos, amount);
    }
  }

  /** All that was collected. */
  Blame blame() {
    return Blame.of(ns, culprits);
  }
}
