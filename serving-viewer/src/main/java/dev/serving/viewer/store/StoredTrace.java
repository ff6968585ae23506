package dev.serving.viewer.store;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The spans of one trace that have arrived so far; immutable.
 *
 * @param traceId 32 lower-case hexadecimal digits
 * @param spans at least one, by start and then the longer first
 */
public record StoredTrace(String traceId, List<StoredSpan> spans) {
  private static final Comparator<StoredSpan> IN_TIME =
      Comparator.comparingLong(StoredSpan::startNanos)
          .thenComparing(Comparator.comparingLong(StoredSpan::durationNanos).reversed())
          .thenComparing(StoredSpan::spanId);

  /** Checks that every span belongs to the trace, and sorts them. */
  public StoredTrace {
    if (spans.isEmpty()) {
      throw new IllegalArgumentException("a trace needs at least one span");
    }
    if (spans.stream().anyMatch(span -> !span.traceId().equals(traceId))) {
      throw new IllegalArgumentException("every span must be of trace " + traceId);
    }
    spans = spans.stream().sorted(IN_TIME).toList();
  }

  /** Earliest begin, in nanoseconds since the epoch. */
  public long startNanos() {
    return spans.get(0).startNanos();
  }

  /** Latest end, in nanoseconds since the epoch. */
  public long endNanos() {
    return spans.stream().mapToLong(StoredSpan::endNanos).max().orElseThrow();
  }

  /** Earliest begin to latest end, in nanoseconds. */
  public long durationNanos() {
    return endNanos() - startNanos();
  }

  /**
   * The span that stands for the whole: one without a parent; failing that, one whose parent is
   * remote; failing that, one whose parent has not arrived; the earliest of several.
   */
  public StoredSpan root() {
    Map<String, StoredSpan> byId = byId();
    return spans.stream()
        .min(Comparator.comparingInt(span -> distanceFromRoot(span, byId)))
        .orElseThrow();
  }

  /** Every span under its id. */
  public Map<String, StoredSpan> byId() {
    Map<String, StoredSpan> byId = new HashMap<>(2 * spans.size());
    spans.forEach(span -> byId.put(span.spanId(), span));
    return byId;
  }

  private static int distanceFromRoot(StoredSpan span, Map<String, StoredSpan> byId) {
    if (span.parentId().isEmpty()) {
      return 0;
    }
    if (byId.containsKey(span.parentId())) {
      return 3;
    }
    return span.parentIsRemote() ? 1 : 2;
  }
}
