package dev.serving.trace.config;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;

/**
 * The bounds of the way from a finished span to its receiver. Immutable.
 *
 * @param maxQueueSpans most spans that wait or are being sent; the next one is dropped and counted
 * @param maxQueueBytes most bytes of them, as they would be on the wire; on the heap they take
 *     about three times as much
 * @param maxBatchSpans most spans in one request
 * @param maxBatchBytes most bytes in one request before compression; a span larger than this is
 *     dropped and counted (receivers of gRPC commonly refuse more than 4 MiB)
 * @param delay longest time that a span waits for others to fill its batch
 * @param senders batches on the way at once, each on a thread of its own
 * @param deadline of one batch, all attempts and pauses together; then it is dropped and counted
 * @param firstBackoff mean pause before the second attempt; doubled for each further one
 * @param maxBackoff the mean pause grows no further
 * @param shutdown how long closing waits for what is still to be sent
 */
@RecordBuilder
public record BatchConfig(
    int maxQueueSpans,
    long maxQueueBytes,
    int maxBatchSpans,
    int maxBatchBytes,
    Duration delay,
    int senders,
    Duration deadline,
    Duration firstBackoff,
    Duration maxBackoff,
    Duration shutdown)
    implements BatchConfigBuilder.With {
  private static final int MOST_SENDERS = 64; // each is a thread

  /** Room for 10 s without a receiver at 25,000 spans/s; batches of 8192 spans or 200 ms. */
  public static final BatchConfig DEFAULT =
      new BatchConfig(
          262_144,
          128L << 20,
          8192,
          3 << 20,
          Duration.ofMillis(200),
          4,
          Duration.ofSeconds(60),
          Duration.ofMillis(200),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5));

  /**
   * Checks the bounds.
   *
   * @throws TracingConfigException if one is not positive, or a batch would exceed the queue
   */
  public BatchConfig {
    Bounds.atLeast("the largest queue in spans", 1, maxQueueSpans);
    Bounds.atLeast("the largest queue in bytes", 1, maxQueueBytes);
    Bounds.atLeast("the largest batch in spans", 1, maxBatchSpans);
    Bounds.atLeast("the largest batch in bytes", 1024, maxBatchBytes);
    delay = Bounds.positive("the delay of a batch", delay);
    Bounds.atLeast("the number of senders", 1, senders);
    Bounds.atMost("the number of senders", MOST_SENDERS, senders);
    deadline = Bounds.positive("the deadline of a batch", deadline);
    firstBackoff = Bounds.positive("the first backoff", firstBackoff);
    maxBackoff = Bounds.positive("the largest backoff", maxBackoff);
    shutdown = Bounds.positive("the time to shut down", shutdown);
    maxBatchSpans = Math.min(maxBatchSpans, maxQueueSpans);
  }

  /** The same with other mean pauses between attempts. */
  public BatchConfig withBackoff(Duration first, Duration largest) {
    return withFirstBackoff(first).withMaxBackoff(largest);
  }
}
