package dev.serving.viewer.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Keeps the latest traces in memory, bounded in spans and in bytes.
 *
 * <pre>
 * traces, in the order in which their first span came
 *   4bf92f… ─► [span, span, span]   ◄─ evicted first, whole
 *   91c0aa… ─► [span]
 *   e1c10e… ─► [span, span]         ◄─ newest
 * </pre>
 *
 * A trace is never evicted by half: when a bound is passed the oldest goes, all of it. One trace
 * may fill a quarter of the store; its further spans are rejected, so that a stranger's endless
 * trace cannot push out all others. A span that comes twice (a sender tried again) is kept once.
 *
 * <p>Safe for any number of threads. What it hands out is immutable and stays valid after eviction.
 */
public final class TraceStore {
  private static final int SHARE_OF_ONE_TRACE = 4;

  private final Object lock = new Object();
  private final Map<String, HeldTrace> traces = new LinkedHashMap<>();
  private final int maxSpans;
  private final long maxBytes;
  private long heldSpans;
  private long heldBytes;
  private long stored;
  private long duplicates;
  private long refused;
  private long evictedTraces;
  private long evictedSpans;

  /**
   * An empty store.
   *
   * @param config how much it keeps
   */
  public TraceStore(StoreConfig config) {
    this.maxSpans = config.maxSpans();
    this.maxBytes = config.maxBytes();
  }

  /**
   * Keeps these spans, each with the others of its trace.
   *
   * @return how many were refused because their trace is too large; 0 as a rule
   */
  public int add(List<StoredSpan> spans) {
    synchronized (lock) {
      long refusedBefore = refused;
      spans.forEach(this::keep);
      evict();
      return (int) (refused - refusedBefore);
    }
  }

  /** The trace as far as it has arrived; empty if it is unknown or evicted. */
  public Optional<StoredTrace> trace(String traceId) {
    synchronized (lock) {
      return Optional.ofNullable(traces.get(traceId)).map(held -> held.snapshot().trace());
    }
  }

  /** The traces that match, the one that began last first. */
  public List<TraceSummary> search(TraceQuery query) {
    return snapshots().stream()
        .filter(found -> query.matches(found.trace(), found.summary()))
        .map(HeldTrace.Snapshot::summary)
        .sorted(Comparator.comparingLong(TraceSummary::startNanos).reversed())
        .limit(query.limit())
        .toList();
  }

  /** As {@link #search}, but the traces themselves. */
  public List<StoredTrace> searchTraces(TraceQuery query) {
    return search(query).stream().flatMap(summary -> trace(summary.traceId()).stream()).toList();
  }

  /** Every trace, in no order that means anything. */
  public List<StoredTrace> traces() {
    return snapshots().stream().map(HeldTrace.Snapshot::trace).toList();
  }

  /** The names of all services that have a span here, sorted. */
  public SortedSet<String> services() {
    SortedSet<String> names = new TreeSet<>();
    for (HeldTrace.Snapshot found : snapshots()) {
      found.summary().services().forEach(service -> names.add(service.name()));
    }
    return names;
  }

  /** What has come and gone since the start. */
  public StoreCounts counts() {
    synchronized (lock) {
      return new StoreCounts(
          traces.size(),
          heldSpans,
          heldBytes,
          stored,
          duplicates,
          refused,
          evictedTraces,
          evictedSpans);
    }
  }

  private List<HeldTrace.Snapshot> snapshots() {
    synchronized (lock) {
      List<HeldTrace.Snapshot> all = new ArrayList<>(traces.size());
      traces.values().forEach(held -> all.add(held.snapshot()));
      return all;
    }
  }

  private void keep(StoredSpan span) {
    HeldTrace held = traces.computeIfAbsent(span.traceId(), HeldTrace::new);
    long weight = held.weigh(span);
    if (held.holds(span)) {
      duplicates++;
    } else if (held.isFull(weight, maxSpans / SHARE_OF_ONE_TRACE, maxBytes / SHARE_OF_ONE_TRACE)) {
      refused++;
    } else {
      held.add(span, weight);
      stored++;
      heldSpans++;
      heldBytes += weight;
    }
  }

  private void evict() {
    Iterator<HeldTrace> oldestFirst = traces.values().iterator();
    while ((heldSpans > maxSpans || heldBytes > maxBytes) && oldestFirst.hasNext()) {
      HeldTrace oldest = oldestFirst.next();
      oldestFirst.remove();
      heldSpans -= oldest.spans();
      heldBytes -= oldest.bytes();
      evictedTraces++;
      evictedSpans += oldest.spans();
    }
  }
}
