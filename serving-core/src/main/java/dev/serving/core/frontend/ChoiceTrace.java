package dev.serving.core.frontend;

import dev.serving.trace.TraceCarrier;
import dev.serving.trace.TraceReqContext;
import dev.serving.trace.TraceSlice;
import dev.serving.trace.TraceSpanName;
import dev.serving.trace.TraceThreadContext;
import dev.serving.trace.Tracing;

/**
 * POSTPROCESSING of one choice: from its first output to its last chunk's last byte, linked to what
 * the last output's carrier names. Used by the request's postprocess thread only.
 *
 * <p>Which of the two comes last differs: a stop string ends the text before the engine lets go.
 */
final class ChoiceTrace {
  private final Tracing tracing;
  private final TraceReqContext request;
  private TraceThreadContext lane;
  private TraceSlice stage;
  private boolean linked;
  private long writtenTs;
  private boolean written;
  private boolean over;

  ChoiceTrace(Tracing tracing, TraceReqContext request) {
    this.tracing = tracing;
    this.request = request;
  }

  /** The first output is here. */
  void firstOutput() {
    if (stage == null && tracing.enabled()) {
      long now = tracing.now();
      lane = request.lane(now);
      stage = lane.slice(TraceSpanName.POSTPROCESSING, now);
      stage.event("first_token", now, null);
    }
  }

  /** The last output is here. */
  void lastOutput(TraceCarrier carrier, int tokens) {
    if (stage != null && !linked && !over) {
      linked = true;
      if (!carrier.isNone()) {
        stage.replaceLink(carrier);
      }
      stage.set("output_tokens", tokens);
      end();
    }
  }

  /** The last byte was written, at a time of {@link System#nanoTime}. */
  void written(long nanos) {
    if (stage != null && !written && !over) {
      written = true;
      writtenTs = RequestTrace.epoch(tracing, nanos);
      end();
    }
  }

  private void end() {
    if (written && linked && !over) {
      over = true;
      stage.end(writtenTs);
      lane.finish(writtenTs);
    }
  }

  /** Nobody wants the rest. */
  void cutShort(long nanos) {
    if (stage != null && !over) {
      over = true;
      lane.truncate(RequestTrace.epoch(tracing, nanos));
    }
  }
}
