package dev.serving.viewer;

import dev.serving.viewer.store.MalformedSpansException;
import dev.serving.viewer.store.TraceStore;
import java.util.concurrent.atomic.LongAdder;

/** Takes export requests from any transport into the store, and counts. */
final class Intake {
  private final TraceStore store;
  private final LongAdder requests = new LongAdder();
  private final LongAdder refusedRequests = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder rejected = new LongAdder();

  Intake(TraceStore store) {
    this.store = store;
  }

  /** Keeps the spans of a request in protobuf. */
  TraceStore.Taken accept(byte[] request) throws MalformedExportException {
    try {
      TraceStore.Taken taken = store.add(request);
      requests.increment();
      received.add(taken.received());
      rejected.add(taken.rejected());
      return taken;
    } catch (MalformedSpansException e) {
      throw new MalformedExportException(
          "the body is no ExportTraceServiceRequest: " + e.getMessage(), e);
    }
  }

  /** Counts a request that was answered with an error. */
  void refused() {
    refusedRequests.increment();
  }

  /** Numbers since the start: received = stored + duplicates + rejected. */
  Counts counts() {
    return new Counts(requests.sum(), refusedRequests.sum(), received.sum(), rejected.sum());
  }

  /**
   * Numbers since the start.
   *
   * @param requests export requests that were read
   * @param refusedRequests export requests that were answered with an error
   * @param receivedSpans spans in the requests that were read
   * @param rejectedSpans those of them that were not kept
   */
  record Counts(long requests, long refusedRequests, long receivedSpans, long rejectedSpans) {}
}
