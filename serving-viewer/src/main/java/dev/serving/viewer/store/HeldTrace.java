package dev.serving.viewer.store;

/**
 * A trace that may still grow: what lists and bounds ask of it, and where its last span lies; each
 * span knows the one before. Guarded by the store's lock.
 */
final class HeldTrace {
  // Reading a trace makes an object of each; a level-three trace of ours has some ten thousand.
  private static final int MAX_ELEMENTS = 250_000;
  private static final int BYTES = 200;

  final Key key;
  final Block first;
  private final SpanIds ids = new SpanIds();
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
  record Seen(Key key, long last, int spans, int errors, long start, long end) {
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

  void add(Export.Entry span, long place) {
    ids.add(span.spanId());
    last = place;
    spans++;
    errors += span.failed() ? 1 : 0;
    elements += span.elements();
    spanBytes += span.length();
    start = Math.min(start, span.start());
    end = Math.max(end, span.end());
  }

  Seen seen() {
    return new Seen(key, last, spans, errors, start, end);
  }

  long last() {
    return last;
  }

  int spans() {
    return spans;
  }

  /** What it takes of the heap beside its spans, in bytes. */
  long weight() {
    return BYTES + ids.bytes();
  }
}
