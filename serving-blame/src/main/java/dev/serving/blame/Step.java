package dev.serving.blame;

/** A step that an engine noted, read in place: moves over a page of them. One thread. */
final class Step {
  /** Longs before the ranks; the first has the {@link #counts}. */
  static final int HEAD = 8;

  static final int NUMBER = 1;
  static final int PLANNED = 2;
  static final int SENT = 3;
  static final int ANSWERED = 4;
  static final int COMPLETED = 5;
  static final int QUEUE = 6;
  static final int PAUSED = 7;

  /** Longs of a rank. */
  static final int RANK = 3;

  /** Longs of a part, an admission and a preemption. */
  static final int PAIR = 2;

  private static final int SMALL_BITS = 12;

  /** More preemptions are not noted: whoever lost its blocks then was, it seems, passed over. */
  static final int MOST_PREEMPTED = (1 << SMALL_BITS) - 1;

  private static final int LARGE_BITS = 20;
  private static final int PREEMPTED_AT = 0;
  private static final int RANKS_AT = SMALL_BITS;
  private static final int ADMITTED_AT = 2 * SMALL_BITS;
  private static final int PARTS_AT = ADMITTED_AT + LARGE_BITS;

  /** Of the costs, what comes before those of the parts: two sums, and the 0 that they begin at. */
  private static final int SUMS = 3;

  private static final double[] UNPRICED = {};

  private final long[] words;
  private final double[] costs;
  private int at;
  private int costsAt;
  private int ranks; // of the step here, since each question would else take it out of a word again
  private int parts;
  private int partsAt;

  /** The first step of a page, which has at least one, without costs. */
  Step(long[] words) {
    this(words, UNPRICED);
  }

  /**
   * The first step of a page, which has at least one.
   *
   * @param costs what {@link #price} made of these words
   */
  Step(long[] words, double[] costs) {
    this.words = words;
    this.costs = costs;
    here();
  }

  private void here() {
    ranks = count(RANKS_AT, SMALL_BITS);
    parts = count(PARTS_AT, LARGE_BITS);
    partsAt = at + HEAD + RANK * ranks;
  }

  /**
   * What all who look at a page's steps would else compute anew: of each step the cost of all its
   * prompts, of all its answers, and of its parts up to each.
   */
  static double[] price(long[] words, Cost cost) {
    Step step = new Step(words);
    int length = 0;
    do {
      length += SUMS + step.parts();
    } while (step.next());
    Step priced = new Step(words, new double[length]);
    do {
      priced.price(cost);
    } while (priced.next());
    return priced.costs;
  }

  private void price(Cost cost) {
    double all = 0;
    for (int part = 0; part < parts; part++) {
      long what = part(part);
      double price = cost.part(what);
      all += price;
      costs[costsAt + SUMS + part] = all;
      costs[costsAt + (StepPart.prefill(what) ? 0 : 1)] += price;
    }
  }

  /** The first long of a step. */
  static long counts(int ranks, int parts, int admitted, int preempted) {
    return (long) parts << PARTS_AT
        | (long) admitted << ADMITTED_AT
        | (long) ranks << RANKS_AT
        | (long) preempted << PREEMPTED_AT;
  }

  private int count(int shift, int bits) {
    return (int) (words[at] >>> shift & (1L << bits) - 1);
  }

  /** Goes on to the next step; returns false, and stays, when this is the page's last. */
  boolean next() {
    int end = preemptedAt(preempted());
    if (end >= words.length) {
      return false;
    }
    costsAt += SUMS + parts;
    at = end;
    here();
    return true;
  }

  /** Where it begins in its page. */
  int place() {
    return at;
  }

  /** Whether all that it claims to have lies within its page. */
  boolean isWhole() {
    return at + HEAD <= words.length && ranks > 0 && preemptedAt(preempted()) <= words.length;
  }

  /** Steps of which nothing is known but that there were some. */
  static long[] unknown(long fromNs, long toNs) {
    long[] words = new long[HEAD];
    words[NUMBER] = -1;
    words[PLANNED] = fromNs;
    words[SENT] = fromNs;
    words[ANSWERED] = fromNs;
    words[COMPLETED] = toNs;
    return words;
  }

  /** Whether it stands for steps of which nothing is known. */
  boolean isUnknown() {
    return ranks == 0;
  }

  long number() {
    return words[at + NUMBER];
  }

  long plannedNs() {
    return words[at + PLANNED];
  }

  long sentNs() {
    return words[at + SENT];
  }

  long answeredNs() {
    return words[at + ANSWERED];
  }

  long completedNs() {
    return words[at + COMPLETED];
  }

  /** How long the engine's process stood still outside of the ranks' work. */
  long pausedNs() {
    return words[at + PAUSED];
  }

  /** What kept the first of those that wait out. */
  Cause delay() {
    return switch ((int) (words[at + QUEUE] & 3)) {
      case 1 -> Cause.QUEUE_BUDGET;
      case 2 -> Cause.QUEUE_BLOCKS;
      case 3 -> Cause.QUEUE_SEQUENCES;
      default -> Cause.QUEUE_STEP;
    };
  }

  int ranks() {
    return ranks;
  }

  long busyNs(int rank) {
    return words[at + HEAD + RANK * rank];
  }

  long waitedNs(int rank) {
    return words[at + HEAD + RANK * rank + 1];
  }

  long pausedNs(int rank) {
    return words[at + HEAD + RANK * rank + 2];
  }

  int parts() {
    return parts;
  }

  private int partAt(int part) {
    return partsAt + PAIR * part;
  }

  /** Whose a part is. */
  long key(int part) {
    return words[partAt(part)];
  }

  /** What a part is, for {@link StepPart}. */
  long part(int part) {
    return words[partAt(part) + 1];
  }

  /** What a part costs, as it was known when the step was noted. */
  double cost(int part) {
    return costBefore(part + 1) - costBefore(part);
  }

  /** What so many of its parts cost, the first ones. */
  double costBefore(int part) {
    return costs[costsAt + SUMS - 1 + part];
  }

  /** What the parts cost that are prompts, but for this one. */
  double promptsCost(int but) {
    return costBut(but, true);
  }

  /** What the parts cost that are answers, but for this one. */
  double answersCost(int but) {
    return costBut(but, false);
  }

  private double costBut(int but, boolean prefill) {
    double all = costs[costsAt + (prefill ? 0 : 1)];
    return StepPart.prefill(part(but)) == prefill ? Math.max(0, all - cost(but)) : all;
  }

  /** Which part is this sequence's; -1 when none is. */
  int indexOf(long key) {
    for (int part = 0; part < parts; part++) {
      if (words[partsAt + PAIR * part] == key) {
        return part;
      }
    }
    return -1;
  }

  private int admitted() {
    return count(ADMITTED_AT, LARGE_BITS);
  }

  private int admittedAt(int index) {
    return partAt(parts) + PAIR * index;
  }

  /** Since when a sequence that runs for the first time in this step had waited; else 0. */
  long queuedNs(long key) {
    return find(key, admittedAt(0), admitted());
  }

  private int preempted() {
    return count(PREEMPTED_AT, SMALL_BITS);
  }

  private int preemptedAt(int index) {
    return admittedAt(admitted()) + PAIR * index;
  }

  /** Who got the KV blocks that a sequence lost before this step; 0 when it lost none. */
  long beneficiary(long key) {
    return find(key, preemptedAt(0), preempted());
  }

  private long find(long key, int from, int count) {
    for (int i = 0; i < count; i++) {
      if (words[from + PAIR * i] == key) {
        return words[from + PAIR * i + 1];
      }
    }
    return 0;
  }
}
