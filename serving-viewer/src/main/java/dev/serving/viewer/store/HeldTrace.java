package dev.serving.viewer.store;

import java.util.Arrays;
import java.util.List;

/**
 * A trace that may still grow: what lists and bounds ask of it, and where its last span lies; each
 * span knows the one before. Guarded by the store's lock.
 */
final class HeldTrace {
  // Reading a trace makes an object of each; a level-three trace of ours has some ten thousand.
  private static final int MAX_ELEMENTS = 250_000;
  private static final int BYTES = 290;
  private static final int MARKS = 512;

  final Key key;
  final Block first;

  /** Somebody wants it kept. */
  boolean pinned;

  private final SpanIds ids = new SpanIds();
  // A bit for each term of a span, so that most traces without it need not be looked through.
  private final long[] marks = new long[MARKS / Long.SIZE];
  private SpanGroup marked;
  private long last = Block.NOWHERE;
  private int spans;
  private int errors;
  private int elements;
  private long spanBytes;
  private long start = Long.MAX_VALUE;
  private long end;

  /** A trace id. */
  record Key(long high, long low) {
    static Key of(String hex) {
      return new Key(
          Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
    }

    String hex() {
      return "%016x%016x".formatted(high, low);
    }
  }

  /** The trace at one moment. */
  record Seen(Key key, long last, int spans, int errors, long start, long end, boolean pinned) {
    long duration() {
      return end - start;
    }
  }

  HeldTrace(Key key, Block first) {
    this.key = key;
    this.first = first;
  }

  /** Whether one more span would pass the bounds; the first span always fits. */
  boolean isFull(Export.Entry span, int maxSpans, long maxBytes) {
    return spans >= maxSpans
        || spanBytes + span.length() > maxBytes
        || elements + span.elements() > MAX_ELEMENTS;
  }

  boolean holds(long spanId) {
    return ids.holds(spanId);
  }

  void add(Export.Entry span, SpanGroup group, long place, long[] terms) {
    ids.add(span.spanId());
    last = place;
    spans++;
    errors += span.failed() ? 1 : 0;
    elements += span.elements();
    spanBytes += span.length();
    start = Math.min(start, span.start());
    end = Math.max(end, span.end());
    mark(terms, span.termsFrom(), span.termsTo());
    if (!group.equals(marked)) {
      marked = group;
      mark(marked.terms, 0, marked.terms.length);
      mark(marked.process.terms, 0, marked.process.terms.length);
    }
  }

  /** Where the marks are of what a trace must have: one of each of these. */
  static int[][] marksOf(List<long[]> all) {
    int[][] marks = new int[all.size()][];
    for (int i = 0; i < marks.length; i++) {
      marks[i] = Arrays.stream(all.get(i)).mapToInt(HeldTrace::bit).toArray();
    }
    return marks;
  }

  /** Whether there may be a span with one of each of these. Asked of every trace: no streams. */
  boolean mayHave(int[][] all) {
    for (int[] any : all) {
      if (!hasOne(any)) {
        return false;
      }
    }
    return true;
  }

  private void mark(long[] terms, int from, int to) {
    for (int i = from; i < to; i++) {
      int bit = bit(terms[i]);
      marks[bit / Long.SIZE] |= 1L << bit;
    }
  }

  private boolean hasOne(int[] bits) {
    for (int bit : bits) {
      if ((marks[bit / Long.SIZE] & (1L << bit)) != 0) {
        return true;
      }
    }
    return false;
  }

  private static int bit(long term) {
    return (int) (term >>> 32) & (MARKS - 1);
  }

  Seen seen() {
    return new Seen(key, last, spans, errors, start, end, pinned);
  }

  long last() {
    return last;
  }

  int spans() {
    return spans;
  }

  long spanBytes() {
    return spanBytes;
  }

  /** What it takes of the heap beside its spans, in bytes. */
  long weight() {
    return BYTES + ids.bytes();
  }
}
