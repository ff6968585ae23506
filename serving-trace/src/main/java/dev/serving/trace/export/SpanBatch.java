package dev.serving.trace.export;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Spans that one sender delivers. Each of them is settled exactly once, by the sender or by who
 * closes the pipeline, whichever comes first.
 */
final class SpanBatch {
  private final List<SpanChunk> chunks;
  private final List<SpanData> spans;
  private int open;
  private boolean lossless = true;

  SpanBatch(List<SpanChunk> chunks) {
    this.chunks = List.copyOf(chunks);
    SpanData[] all = new SpanData[chunks.stream().mapToInt(chunk -> chunk.size).sum()];
    for (SpanChunk chunk : chunks) {
      System.arraycopy(chunk.spans, 0, all, open, chunk.size);
      open += chunk.size;
    }
    this.spans = Collections.unmodifiableList(Arrays.asList(all));
  }

  List<SpanData> spans() {
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

  synchronized boolean lossless() {
    return lossless;
  }
}
