package dev.serving.trace.export;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Where some of the threads put their spans. Its lock is held for a few stores; who finds it taken
 * goes to another stripe instead of waiting. Everything but the lock is touched under it only.
 */
final class SpanStripe {
  private final AtomicBoolean locked = new AtomicBoolean();
  private final Quota spans;
  private final Quota bytes;
  private final int chunkSpans;
  private final long grant;
  private @Nullable SpanChunk open;
  private long accepted;

  SpanStripe(Quota spans, Quota bytes, int chunkSpans, long grant) {
    this.spans = spans;
    this.bytes = bytes;
    this.chunkSpans = chunkSpans;
    this.grant = grant;
  }

  boolean tryLock() {
    return !locked.getPlain() && locked.compareAndSet(false, true);
  }

  void lock() {
    while (!tryLock()) {
      Thread.onSpinWait();
    }
  }

  void unlock() {
    locked.setRelease(false);
  }

  /** Whether there was room. */
  boolean add(SpanData span, int spanBytes) {
    if (open == null && !open()) {
      return false;
    }
    if (open.bytes + spanBytes > open.grantedBytes && !grow(spanBytes)) {
      return false;
    }
    open.add(span, spanBytes);
    accepted++;
    return true;
  }

  boolean full() {
    return open != null && open.full();
  }

  /** Takes the open chunk away, giving back what it had reserved in vain; null if none is open. */
  @Nullable SpanChunk cut() {
    SpanChunk chunk = open;
    open = null;
    if (chunk != null) {
      spans.giveBack(chunk.spans.length - chunk.size);
      bytes.giveBack(chunk.grantedBytes - chunk.bytes);
    }
    return chunk == null || chunk.size == 0 ? null : chunk;
  }

  long accepted() {
    return accepted;
  }

  private boolean open() {
    int capacity = (int) spans.take(1, chunkSpans);
    if (capacity > 0) {
      open = new SpanChunk(capacity);
    }
    return capacity > 0;
  }

  private boolean grow(int spanBytes) {
    long missing = open.bytes + spanBytes - open.grantedBytes;
    long taken = bytes.take(missing, Math.max(missing, grant));
    open.grantedBytes += taken;
    return taken > 0;
  }
}
