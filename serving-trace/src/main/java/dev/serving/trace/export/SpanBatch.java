package dev.serving.trace.export;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;

/**
 * Spans that one sender delivers. Each of them is settled exactly once, by the sender or by who
 * closes the pipeline, whichever comes first.
 */
final class SpanBatch {
  private final List<SpanChunk> chunks;
  private final SpanData[] spans;
  private int open;
  private boolean lossless = true;

  SpanBatch(List<SpanChunk> chunks) {
    this.chunks = List.copyOf(chunks);
    this.spans = new SpanData[chunks.stream().mapToInt(chunk -> chunk.size).sum()];
    for (SpanChunk chunk : chunks) {
      System.arraycopy(chunk.spans, 0, spans, open, chunk.size);
      open += chunk.size;
    }
  }

  SpanData[] spans() {
    return spans;
  }

  List<SpanChunk> chunks() {
    return chunks;
  }

  /** Takes up to {@code count} of the unsettled spans; the caller counts them, as many as told. */
  synchronized int settle(int count, boolean delivered) {
    int taken = Math.min(count, open);
    open -= taken;
    lossless &= delivered || taken == 0;
    return taken;
  }

  synchronized boolean settled() {
    return open == 0;
  }

  synchronized boolean lossless() {
    return lossless;
  }
}
