package dev.serving.trace.export;

import io.opentelemetry.sdk.trace.data.SpanData;

/**
 * A few spans that travel together from the threads that made them to a sender. Written under its
 * stripe's lock, then handed over whole and only read.
 */
final class SpanChunk {
  private static final int FULL_BYTES = 256 << 10;

  final SpanData[] spans;
  int size;
  long bytes;
  long grantedBytes;
  volatile boolean delivered;

  SpanChunk(int capacity) {
    spans = new SpanData[capacity];
  }

  void add(SpanData span, int spanBytes) {
    spans[size++] = span;
    bytes += spanBytes;
  }

  /** Nobody will send them any more. */
  void settled() {
    for (int i = 0; i < size; i++) {
      if (spans[i] instanceof NotedSpan noted) {
        noted.settled();
      }
    }
  }

  boolean full() {
    return size == spans.length || bytes >= FULL_BYTES;
  }
}
