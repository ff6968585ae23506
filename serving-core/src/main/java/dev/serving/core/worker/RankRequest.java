package dev.serving.core.worker;

import dev.serving.core.message.RankMessage.Admission;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.Release.Cause;
import dev.serving.core.message.TraceNames;
import dev.serving.trace.TraceCarrier;
import dev.serving.trace.TraceLevel;
import dev.serving.trace.TraceSlice;
import dev.serving.trace.TraceSpanName;
import dev.serving.trace.TraceThreadContext;
import io.opentelemetry.api.common.Attributes;

/** The open lane of one request on one rank. */
final class RankRequest {
  private final TraceThreadContext lane;
  private final TraceSlice prefill;
  private TraceSlice decode;
  private TraceSlice rows; // the chunk or step that runs now, at level 3
  private boolean carrierChanged;
  private int chunks;
  private long tokens;
  private long firstTokenAt;
  private long lastTokenAt;
  private long lastRowsAt;
  private long worstStepNs;

  RankRequest(TraceThreadContext lane, Admission admission, long now) {
    this.lane = lane;
    lastRowsAt = now;
    prefill =
        lane.slice(TraceSpanName.PREFILL, now)
            .set(TraceNames.PROMPT_TOKENS, (long) admission.promptLength())
            .set(TraceNames.CACHED_TOKENS, (long) admission.cachedTokens());
    long recomputed = admission.context().length - (long) admission.promptLength();
    if (recomputed > 0) {
      prefill.set(TraceNames.RECOMPUTED_TOKENS, recomputed);
    }
  }

  void rowsStarted(Chunk chunk, long now) {
    if (chunk.phase() == Phase.PREFILL) {
      chunks++;
      rows = lane.slice("chunk", TraceLevel.DETAILS, now);
      rows.set(TraceNames.START, (long) chunk.start())
          .set(TraceNames.TOKENS, (long) chunk.tokens().length);
    } else {
      if (decode == null) {
        decode = lane.slice(TraceSpanName.DECODE, firstTokenAt);
        carrierChanged = true;
      }
      rows = lane.slice("step", TraceLevel.DETAILS, now);
    }
  }

  /** The rows of this request are through the model; the step may still go on for others. */
  void rowsDone(StepFigures figures, long now) {
    if (rows != null) {
      figures.writeTo(rows);
      rows.end(now);
      rows = null;
      lastRowsAt = now;
    }
  }

  void firstToken(StepFigures figures, long now) {
    rowsDone(figures, now);
    prefill.set(TraceNames.CHUNKS, (long) chunks).event(TraceNames.FIRST_TOKEN_EVENT, now, null);
    prefill.end(now);
    carrierChanged = true;
    firstTokenAt = now;
    lastTokenAt = now;
  }

  void token(StepFigures figures, long now) {
    rowsDone(figures, now);
    tokens++;
    worstStepNs = Math.max(worstStepNs, now - lastTokenAt);
    lastTokenAt = now;
  }

  TraceCarrier changedCarrier() {
    if (!carrierChanged) {
      return TraceCarrier.none();
    }
    carrierChanged = false;
    return lane.carrier();
  }

  void released(Release release, long now) {
    if (release.cause() == Cause.ABORTED) {
      cutShort(release.detail(), rows == null ? lastRowsAt : now);
      return;
    }
    long end = lastTokenAt == 0 ? now : lastTokenAt;
    boolean preempted = release.cause() == Cause.PREEMPTED;
    if (decode == null) {
      prefill.set(TraceNames.PREEMPTED, preempted); // ignored when it ended before
    } else {
      describeDecode();
      decode.set(TraceNames.PREEMPTED, preempted).end(end);
    }
    lane.finish(end);
  }

  /** Ends everything with the last work that was done for it: a request outlives its lanes. */
  private void cutShort(String reason, long end) {
    if (decode != null) {
      describeDecode();
    }
    Attributes why = reason == null ? Attributes.empty() : Attributes.of(TraceNames.REASON, reason);
    lane.event(TraceNames.ABORTED_EVENT, end, why);
    lane.truncate(end);
  }

  private void describeDecode() {
    decode
        .set(TraceNames.TOKENS, tokens)
        .set(TraceNames.STEPS, tokens)
        .set(TraceNames.WORST_STEP_NS, worstStepNs);
    if (tokens > 0) {
      decode.set(TraceNames.MEAN_STEP_NS, (lastTokenAt - firstTokenAt) / tokens);
    }
  }
}
