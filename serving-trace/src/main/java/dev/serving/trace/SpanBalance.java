package dev.serving.trace;

import java.util.Map;

/**
 * Where every finished span of this process is, at one moment: {@code made = delivered + dropped +
 * inFlight}, exactly. Immutable.
 *
 * @param made spans handed to the pipeline
 * @param delivered spans that the receiver has accepted
 * @param dropped spans that will not be delivered, by reason; every reason is a key
 * @param inFlight spans that wait or are being sent
 */
public record SpanBalance(long made, long delivered, Map<DropReason, Long> dropped, long inFlight) {

  /** Copies the map. */
  public SpanBalance {
    dropped = Map.copyOf(dropped);
  }

  /** Dropped spans of all reasons. */
  public long droppedInAll() {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }
}
