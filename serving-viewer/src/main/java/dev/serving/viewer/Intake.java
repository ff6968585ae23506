package dev.serving.viewer;

import dev.serving.viewer.store.TraceStore;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.concurrent.atomic.LongAdder;

/** Takes export requests from any transport into the store, and counts. */
final class Intake {
  private final TraceStore store;
  private final OtlpSpans spans = new OtlpSpans();
  private final LongAdder requests = new LongAdder();
  private final LongAdder refusedRequests = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder rejected = new LongAdder();

  Intake(TraceStore store) {
    this.store = store;
  }

  /**
   * What became of one request.
   *
   * @param rejected number of spans that were not taken
   * @param reason why not, empty if all were
   */
  record Outcome(long rejected, String reason) {}

  Outcome accept(ExportTraceServiceRequest request) {
    OtlpSpans.Result read = spans.read(request);
    int tooMany = store.add(read.spans());
    requests.increment();
    received.add(read.spans().size() + read.rejected());
    rejected.add(read.rejected() + tooMany);
    return new Outcome(read.rejected() + tooMany, reason(read.rejected(), tooMany));
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

  private static String reason(int malformed, int tooMany) {
    if (malformed > 0) {
      return malformed
          + " spans have no valid trace id or span id"
          + (tooMany > 0 ? ", " + tooMany + " belong to a trace that is too large" : "");
    }
    return tooMany > 0 ? tooMany + " spans belong to a trace that is too large" : "";
  }
}
