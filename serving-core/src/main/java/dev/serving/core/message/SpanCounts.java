package dev.serving.core.message;

import dev.serving.trace.DropReason;
import dev.serving.trace.SpanBalance;
import dev.serving.trace.TracingMetrics;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where the spans of one process are, counted since its start.
 *
 * @param made spans handed to the pipeline: delivered, dropped or in flight
 * @param delivered spans that the receiver has accepted
 * @param dropped spans that will not be delivered, by the reason's label
 * @param inFlight spans that wait or are being sent
 * @param queuedBytes their bytes
 * @param requests requests that the receiver has answered with success
 * @param retries attempts beyond the first of a request
 * @param bytesSent bytes of requests delivered
 */
public record SpanCounts(
    long made,
    long delivered,
    Map<String, Long> dropped,
    long inFlight,
    long queuedBytes,
    long requests,
    long retries,
    long bytesSent) {
  /** Of a process without spans. */
  public static final SpanCounts NONE = new SpanCounts(0, 0, Map.of(), 0, 0, 0, 0, 0);

  private static final int MOST_REASONS = 32;

  /** Refuses counts that do not add up. */
  public SpanCounts {
    dropped = Map.copyOf(dropped);
    if (dropped.size() > MOST_REASONS) {
      throw new IllegalArgumentException("there are not " + dropped.size() + " reasons to drop");
    }
    long lost = dropped.values().stream().mapToLong(Long::longValue).sum();
    if (made != delivered + lost + inFlight) {
      throw new IllegalArgumentException(
          "made must be delivered + dropped + in flight: %d is not %d + %d + %d"
              .formatted(made, delivered, lost, inFlight));
    }
  }

  /** The counts of this process, of one moment. */
  public static SpanCounts of(TracingMetrics metrics) {
    SpanBalance balance = metrics.balance();
    Map<String, Long> dropped =
        balance.dropped().entrySet().stream()
            .collect(Collectors.toMap(e -> e.getKey().label(), Map.Entry::getValue));
    return new SpanCounts(
        balance.made(),
        balance.delivered(),
        dropped,
        balance.inFlight(),
        metrics.queuedBytes(),
        metrics.requests(),
        metrics.retries(),
        metrics.bytesSent());
  }

  /** Spans that were dropped for this reason. */
  public long dropped(DropReason reason) {
    return dropped.getOrDefault(reason.label(), 0L);
  }
}
