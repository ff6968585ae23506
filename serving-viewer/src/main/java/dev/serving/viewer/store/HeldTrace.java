package dev.serving.viewer.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * A trace that may still grow. Guarded by the store's lock; what {@link #snapshot} returns is
 * immutable, and made again only after a span came.
 */
final class HeldTrace {
  /** The trace at one moment, with what a list shows of it. */
  record Snapshot(StoredTrace trace, TraceSummary summary) {}

  private final String traceId;
  private final Set<String> ids = new HashSet<>();
  private final Set<SpanResource> resources = Collections.newSetFromMap(new IdentityHashMap<>(4));
  private final List<StoredSpan> spans = new ArrayList<>();
  private long bytes;
  private Snapshot snapshot;

  HeldTrace(String traceId) {
    this.traceId = traceId;
  }

  /** What keeping this span would cost: itself, and its process if it is the first of that. */
  long weigh(StoredSpan span) {
    long ofResource = resources.contains(span.resource()) ? 0 : SpanWeight.bytes(span.resource());
    return SpanWeight.bytes(span) + ofResource;
  }

  /** Whether a span of this weight would pass the bounds; the first span always fits. */
  boolean isFull(long weight, int maxSpans, long maxBytes) {
    return !spans.isEmpty() && (spans.size() >= maxSpans || bytes + weight > maxBytes);
  }

  boolean holds(StoredSpan span) {
    return ids.contains(span.spanId());
  }

  void add(StoredSpan span, long weight) {
    ids.add(span.spanId());
    resources.add(span.resource());
    spans.add(span);
    bytes += weight;
    snapshot = null;
  }

  Snapshot snapshot() {
    if (snapshot == null) {
      StoredTrace trace = new StoredTrace(traceId, spans);
      snapshot = new Snapshot(trace, TraceSummary.of(trace));
    }
    return snapshot;
  }

  int spans() {
    return spans.size();
  }

  long bytes() {
    return bytes;
  }
}
