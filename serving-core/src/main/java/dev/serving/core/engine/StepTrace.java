package dev.serving.core.engine;

import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.TraceNames;
import dev.serving.trace.TraceCarrier;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceReqStart;
import dev.serving.trace.Tracing;
import io.opentelemetry.api.common.Attributes;
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
  private List<TraceCarrier> requests = List.of();

  StepTrace(Tracing tracing, int dpRank) {
    this.tracing = tracing;
    this.dpRank = dpRank;
  }

  /** A step began, with these requests in it. */
  void begin(List<TraceCarrier> carriers) {
    requests = carriers;
  }

  void end(StepRecord record) {
    if (!requests.isEmpty()) {
      long epoch = tracing.now() - System.nanoTime();
      TraceReqContext step =
          tracing.startRequest(
              TraceReqStart.of("")
                  .withSpanName("BATCH_STEP")
                  .withKind(SpanKind.INTERNAL)
                  .withModule("engine")
                  .withTs(epoch + record.sentNs())
                  .withAttributes(attributes(record)));
      requests.forEach(step::link);
      step.finish(epoch + record.answeredNs(), null);
      requests = List.of();
    }
  }

  private Attributes attributes(StepRecord record) {
    return Attributes.builder()
        .put("dp_rank", dpRank)
        .put(TraceNames.STEP, record.id())
        .put(TraceNames.BATCH_SIZE, (long) record.sequences())
        .put(TraceNames.BATCH_PREFILL_TOKENS, (long) record.rows(Phase.PREFILL))
        .put(TraceNames.BATCH_DECODE_TOKENS, (long) record.rows(Phase.DECODE))
        .put(TraceNames.KV_BLOCKS_USED, (long) record.usedBlocks())
        .build();
  }
}
