package dev.serving.core.engine;

import dev.serving.core.message.TraceNames;
import dev.serving.trace.TraceCarrier;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.Tracing;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.util.HashMap;
import java.util.Map;

/**
 * One BATCH_STEP span a step: the engine's side of what the requests' own traces show as their
 * chunks and steps, linked to every request in it; also for one that only had to wait meanwhile.
 * Each is a trace of its own, recorded since those requests are. Made when the step is over, so
 * that none is ever left open. Belongs to the scheduler's thread.
 */
final class StepTrace {
  private final Tracing tracing;
  private final int dpRank;
  private final long epoch; // one for all: what lies between two steps is as exact as the steps
  private final Map<String, TraceCarrier> requests = new HashMap<>(); // those in the step
  private boolean wanted;
  private long beforeNs;

  StepTrace(Tracing tracing, int dpRank) {
    this.tracing = tracing;
    this.epoch = tracing.at(0);
    this.dpRank = dpRank;
  }

  /** This request is in the step that begins. */
  void holds(String rid, TraceCarrier carrier) {
    requests.put(rid, carrier);
    wanted = true;
  }

  /** A request waits for the step that begins or is under way. */
  void delays() {
    wanted = true;
  }

  void end(StepRecord record) {
    if (wanted) {
      TraceReqContext step =
          tracing.startRequest(
              TraceReqStart.of("")
                  .withSpanName("BATCH_STEP")
                  .withKind(SpanKind.INTERNAL)
                  .withModule("engine")
                  .withDecided(true)
                  .withTs(epoch + record.sentNs())
                  .withAttributes(attributes(record)));
      link(step, record);
      step.finish(epoch + record.answeredNs(), null);
      requests.clear();
      wanted = false;
    }
    beforeNs = record.completedNs();
  }

  private void link(TraceReqContext step, StepRecord record) {
    for (int part = 0; part < record.sequences(); part++) {
      TraceCarrier carrier = requests.get(record.rid(part));
      if (carrier != null) {
        step.link(carrier, Attributes.of(TraceNames.PART, (long) part));
      }
    }
  }

  private Attributes attributes(StepRecord record) {
    AttributesBuilder all = StepAttributes.of(record, dpRank).toBuilder();
    if (beforeNs != 0) {
      all.put(TraceNames.SINCE_STEP_NS, record.plannedNs() - beforeNs);
    }
    return all.build();
  }
}
