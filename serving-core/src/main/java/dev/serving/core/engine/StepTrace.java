package dev.serving.core.engine;

import dev.serving.trace.TraceCarrier;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.Tracing;
import io.opentelemetry.api.trace.SpanKind;
import java.util.List;

/**
 * One BATCH_STEP span a step: the engine's side of what the requests' own traces show as their
 * chunks and steps, linked to every request in it. Each is a trace of its own. Made when the step
 * is over, so that none is ever left open. Belongs to the scheduler's thread.
 */
final class StepTrace {
  private final Tracing tracing;
  private final int dpRank;
  private final long epoch; // one for all: what lies between two steps is as exact as the steps
  private List<TraceCarrier> requests = List.of();

  StepTrace(Tracing tracing, int dpRank) {
    this.tracing = tracing;
    this.epoch = tracing.now() - System.nanoTime();
    this.dpRank = dpRank;
  }

  /** A step began, with these requests in it. */
  void begin(List<TraceCarrier> carriers) {
    requests = carriers;
  }

  void end(StepRecord record) {
    if (!requests.isEmpty()) {
      TraceReqContext step =
          tracing.startRequest(
              TraceReqStart.of("")
                  .withSpanName("BATCH_STEP")
                  .withKind(SpanKind.INTERNAL)
                  .withModule("engine")
                  .withTs(epoch + record.sentNs())
                  .withAttributes(StepAttributes.of(record, dpRank)));
      requests.forEach(step::link);
      step.finish(epoch + record.answeredNs(), null);
      requests = List.of();
    }
  }
}
