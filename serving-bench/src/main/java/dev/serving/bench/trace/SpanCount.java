package dev.serving.bench.trace;

/** Counts the spans of an encoded request by its lengths, without reading what is in them. */
final class SpanCount {
  /** {@code resource_spans}, in it {@code scope_spans}, in it {@code spans}. */
  private static final int[] PATH = {1, 2, 2};

  private final byte[] bytes;
  private int at;

  private SpanCount(byte[] bytes) {
    this.bytes = bytes;
  }

  static long of(byte[] request) {
    return new SpanCount(request).count(request.length, 0);
  }

  // All fields down to the spans are messages and texts: each is a tag, a length, and so many
  // bytes.
  private long count(int end, int depth) {
    long spans = 0;
    while (at < end) {
      long field = varint() >>> 3;
      int size = (int) varint();
      int to = at + size;
      if (field == PATH[depth]) {
        spans += depth == PATH.length - 1 ? 1 : count(to, depth + 1);
      }
      at = to;
    }
    return spans;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
