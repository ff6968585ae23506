package dev.serving.core.frontend;

import dev.serving.core.message.TraceNames;
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
  private boolean truncated;
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
      stage.event(TraceNames.FIRST_TOKEN_EVENT, now, null);
    }
  }

  /** The last output is here. */
  void lastOutput(TraceCarrier carrier, int tokens) {
    if (stage != null && !linked && !over) {
      linked = true;
      if (!carrier.isNone()) {
        stage.replaceLink(carrier);
      }
      stage.set(TraceNames.OUTPUT_TOKENS, (long) tokens);
      end();
    }
  }

  /** The last byte was written, at a time of {@link System#nanoTime}. */
  void written(long nanos) {
    writtenAt(nanos, false);
  }

  /** Nobody wants the rest, from a time of {@link System#nanoTime} on. */
  void cutShort(long nanos) {
    writtenAt(nanos, true);
  }

  private void writtenAt(long nanos, boolean tooEarly) {
    if (stage != null && !written && !over) {
      written = true;
      truncated = tooEarly;
      writtenTs = tracing.at(nanos);
      end();
    }
  }

  /** Also what was cut short waits for the last output, to be linked to what that names. */
  private void end() {
    if (!written || !linked || over) {
      return;
    }
    over = true;
    if (truncated) {
      lane.truncate(writtenTs);
    } else {
      stage.end(writtenTs);
      lane.finish(writtenTs);
    }
  }
}
