package dev.serving.trace.export;

import dev.serving.trace.config.BatchConfig;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Between the threads that make spans and the few that send them: bounded in spans and bytes, and
 * free of waiting on the makers' side. Makers fill small chunks, one a stripe; a sender takes whole
 * chunks as soon as they make a batch, or what there is once the delay is over.
 */
final class SpanQueue {
  private static final int CHUNK = 256;
  private static final long GRANT = 16 << 10;

  private final BatchConfig config;
  private final Quota spans;
  private final Quota bytes;
  private final SpanStripe[] stripes;
  private final Queue<SpanChunk> ready = new ConcurrentLinkedQueue<>();
  private final AtomicLong readySpans = new AtomicLong();
  private final AtomicLong readyBytes = new AtomicLong();
  private final ReentrantLock leader = new ReentrantLock();
  private final Set<SpanBatch> taken = ConcurrentHashMap.newKeySet();
  private final Set<SpanChunk> inside = ConcurrentHashMap.newKeySet();
  private final Object released = new Object();
  private volatile @Nullable Thread waiting;
  private volatile boolean urgent;
  private volatile boolean closed;
  private long nextCut = System.nanoTime();

  SpanQueue(BatchConfig config) {
    this.config = config;
    spans = new Quota(config.maxQueueSpans());
    bytes = new Quota(config.maxQueueBytes());
    int cores = Runtime.getRuntime().availableProcessors();
    stripes = new SpanStripe[Integer.highestOneBit(Math.min(16, 2 * cores))];
    int share = config.maxQueueSpans() / (4 * stripes.length);
    int chunk = Math.max(1, Math.min(CHUNK, Math.min(config.maxBatchSpans(), share)));
    long grant = Math.max(1, Math.min(GRANT, config.maxQueueBytes() / (64L * stripes.length)));
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = new SpanStripe(spans, bytes, chunk, grant);
    }
  }

  /** Takes the span, or says why not. */
  @Nullable ExportFault offer(SpanData span) {
    int size = SpanBytes.of(span);
    if (size > config.maxBatchBytes()) {
      return ExportFault.TOO_LARGE;
    }
    SpanStripe stripe = lockedStripe();
    try {
      return closed ? ExportFault.CLOSED : add(stripe, span, size);
    } finally {
      stripe.unlock();
    }
  }

  /** The next batch, when there is one by size or delay; null once closed and empty. */
  @Nullable SpanBatch take() throws InterruptedException {
    leader.lockInterruptibly();
    try {
      while (true) {
        boolean due = closed || urgent || System.nanoTime() - nextCut >= 0;
        if (due) {
          cut();
        }
        if (due ? !ready.isEmpty() : batchIsReady()) {
          return batch(due);
        }
        if (closed) {
          return null;
        }
        awaitChunks();
      }
    } finally {
      leader.unlock();
    }
  }

  /** Gives back the room of a batch whose spans are all settled; only the first time. */
  void release(SpanBatch batch) {
    if (!taken.remove(batch)) {
      return;
    }
    for (SpanChunk chunk : batch.chunks()) {
      chunk.settled();
      chunk.delivered = batch.lossless();
      inside.remove(chunk);
      spans.giveBack(chunk.size);
      bytes.giveBack(chunk.bytes);
    }
    synchronized (released) {
      released.notifyAll();
    }
  }

  /** Hurries every span that is inside; whether all of them were delivered in time. */
  boolean flush(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    handOverAll();
    List<SpanChunk> all = List.copyOf(inside);
    urgent = true;
    wake();
    synchronized (released) {
      while (all.stream().anyMatch(inside::contains)) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(released, left);
      }
    }
    return all.stream().allMatch(chunk -> chunk.delivered);
  }

  /** The batches that were taken and not released. */
  List<SpanBatch> taken() {
    return List.copyOf(taken);
  }

  /** Takes no more spans; those inside can still be taken out. */
  void close() {
    closed = true;
    wake();
  }

  /** What no sender will take any more; only for who closes, after the senders have stopped. */
  List<SpanBatch> drain() {
    List<SpanBatch> all = new ArrayList<>();
    handOverAll();
    while (!ready.isEmpty()) {
      all.add(batch(false));
    }
    return all;
  }

  long accepted() {
    long sum = 0;
    for (SpanStripe stripe : stripes) {
      stripe.lock();
      sum += stripe.accepted();
      stripe.unlock();
    }
    return sum;
  }

  long usedBytes() {
    return bytes.used();
  }

  private SpanStripe lockedStripe() {
    int mask = stripes.length - 1;
    for (int i = (int) Thread.currentThread().getId(); ; i++) {
      SpanStripe stripe = stripes[i & mask];
      if (stripe.tryLock()) {
        return stripe;
      }
    }
  }

  private @Nullable ExportFault add(SpanStripe stripe, SpanData span, int size) {
    if (!stripe.add(span, size)) {
      return ExportFault.QUEUE_FULL;
    }
    if (stripe.full()) {
      handOver(stripe.cut());
      if (batchIsReady()) {
        wake();
      }
    }
    return null;
  }

  private void handOver(SpanChunk chunk) {
    inside.add(chunk);
    ready.add(chunk);
    readyBytes.addAndGet(chunk.bytes);
    readySpans.addAndGet(chunk.size);
  }

  private void handOverAll() {
    for (SpanStripe stripe : stripes) {
      stripe.lock();
      SpanChunk chunk = stripe.cut();
      if (chunk != null) {
        handOver(chunk);
      }
      stripe.unlock();
    }
  }

  private void cut() {
    urgent = false;
    nextCut = System.nanoTime() + config.delay().toNanos();
    handOverAll();
  }

  private boolean batchIsReady() {
    return readySpans.get() >= config.maxBatchSpans() || readyBytes.get() >= config.maxBatchBytes();
  }

  private SpanBatch batch(boolean due) {
    List<SpanChunk> chunks = new ArrayList<>();
    long size = 0;
    long sizeBytes = 0;
    for (SpanChunk next = ready.peek(); next != null; next = ready.peek()) {
      size += next.size;
      sizeBytes += next.bytes;
      boolean fits = size <= config.maxBatchSpans() && sizeBytes <= config.maxBatchBytes();
      if (!fits && !chunks.isEmpty()) {
        break;
      }
      chunks.add(ready.remove());
      readySpans.addAndGet(-next.size);
      readyBytes.addAndGet(-next.bytes);
    }
    urgent |= due && !ready.isEmpty();
    SpanBatch batch = new SpanBatch(chunks);
    taken.add(batch);
    return batch;
  }

  private void awaitChunks() throws InterruptedException {
    waiting = Thread.currentThread();
    if (!batchIsReady() && !closed && !urgent) {
      LockSupport.parkNanos(this, nextCut - System.nanoTime());
    }
    waiting = null;
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private void wake() {
    LockSupport.unpark(waiting);
  }
}
