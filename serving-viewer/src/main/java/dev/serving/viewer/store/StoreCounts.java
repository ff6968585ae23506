package dev.serving.viewer.store;

/**
 * What a {@link TraceStore} holds now and has seen since its start. Always {@code stored =
 * heldSpans + evictedSpans}.
 *
 * @param heldTraces traces in it now
 * @param heldSpans spans in it now
 * @param heldBytes estimated heap of those spans, in bytes
 * @param stored spans taken in, or found on the disk at the start
 * @param duplicates spans that were there already
 * @param refused spans whose trace is too large
 * @param evictedTraces traces pushed out, each whole
 * @param evictedSpans spans of those traces
 * @param pinnedTraces traces that are kept out of eviction
 * @param pinChanges how often one was pinned or let go
 */
public record StoreCounts(
    int heldTraces,
    long heldSpans,
    long heldBytes,
    long stored,
    long duplicates,
    long refused,
    long evictedTraces,
    long evictedSpans,
    int pinnedTraces,
    long pinChanges) {
  /** Changes whenever what a reader would see may have changed. */
  public long revision() {
    return stored + evictedTraces + pinChanges;
  }
}
