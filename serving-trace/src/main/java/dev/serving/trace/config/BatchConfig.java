package dev.serving.trace.config;

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
    Duration shutdown) {

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
    Bounds.positive("the delay of a batch", delay);
    Bounds.atLeast("the number of senders", 1, senders);
    Bounds.positive("the deadline of a batch", deadline);
    Bounds.positive("the first backoff", firstBackoff);
    Bounds.positive("the largest backoff", maxBackoff);
    Bounds.positive("the time to shut down", shutdown);
    maxBatchSpans = Math.min(maxBatchSpans, maxQueueSpans);
  }

  /** The same with another bound of the queue in spans. */
  public BatchConfig withMaxQueueSpans(int value) {
    return with(value, maxQueueBytes, maxBatchSpans, maxBatchBytes, delay, senders, deadline);
  }

  /** The same with another bound of the queue in bytes. */
  public BatchConfig withMaxQueueBytes(long value) {
    return with(maxQueueSpans, value, maxBatchSpans, maxBatchBytes, delay, senders, deadline);
  }

  /** The same with another bound of a batch in spans. */
  public BatchConfig withMaxBatchSpans(int value) {
    return with(maxQueueSpans, maxQueueBytes, value, maxBatchBytes, delay, senders, deadline);
  }

  /** The same with another bound of a batch in bytes. */
  public BatchConfig withMaxBatchBytes(int value) {
    return with(maxQueueSpans, maxQueueBytes, maxBatchSpans, value, delay, senders, deadline);
  }

  /** The same with another time that a batch waits to be filled. */
  public BatchConfig withDelay(Duration value) {
    return with(
        maxQueueSpans, maxQueueBytes, maxBatchSpans, maxBatchBytes, value, senders, deadline);
  }

  /** The same with another number of batches on the way at once. */
  public BatchConfig withSenders(int value) {
    return with(maxQueueSpans, maxQueueBytes, maxBatchSpans, maxBatchBytes, delay, value, deadline);
  }

  /** The same with another deadline of a batch. */
  public BatchConfig withDeadline(Duration value) {
    return with(maxQueueSpans, maxQueueBytes, maxBatchSpans, maxBatchBytes, delay, senders, value);
  }

  /** The same with other mean pauses between attempts. */
  public BatchConfig withBackoff(Duration first, Duration largest) {
    return new BatchConfig(
        maxQueueSpans,
        maxQueueBytes,
        maxBatchSpans,
        maxBatchBytes,
        delay,
        senders,
        deadline,
        first,
        largest,
        shutdown);
  }

  /** The same with another time that closing may take. */
  public BatchConfig withShutdown(Duration value) {
    return new BatchConfig(
        maxQueueSpans,
        maxQueueBytes,
        maxBatchSpans,
        maxBatchBytes,
        delay,
        senders,
        deadline,
        firstBackoff,
        maxBackoff,
        value);
  }

  private BatchConfig with(
      int queueSpans,
      long queueBytes,
      int batchSpans,
      int batchBytes,
      Duration newDelay,
      int newSenders,
      Duration newDeadline) {
    return new BatchConfig(
        queueSpans,
        queueBytes,
        batchSpans,
        batchBytes,
        newDelay,
        newSenders,
        newDeadline,
        firstBackoff,
        maxBackoff,
        shutdown);
  }
}
