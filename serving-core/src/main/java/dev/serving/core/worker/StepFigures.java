package dev.serving.core.worker;

import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.TraceNames;
import dev.serving.trace.TraceSlice;

/** What the running step is made of, for the slices of level 3 of every request in it. */
final class StepFigures {
  private long step;
  private int sequences;
  private int prefillTokens;
  private int decodeTokens;
  private long allReduceNs;

  void begin(Step next) {
    step = next.id();
    sequences = next.chunks().size();
    prefillTokens = next.rows(Phase.PREFILL);
    decodeTokens = next.rows(Phase.DECODE);
    allReduceNs = 0;
  }

  void allReduced(long durationNs) {
    allReduceNs += durationNs;
  }

  void writeTo(TraceSlice slice) {
    if (slice.recording()) {
      slice
          .set(TraceNames.STEP, step)
          .set(TraceNames.BATCH_SIZE, (long) sequences)
          .set(TraceNames.BATCH_PREFILL_TOKENS, (long) prefillTokens)
          .set(TraceNames.BATCH_DECODE_TOKENS, (long) decodeTokens)
          .set(TraceNames.ALL_REDUCE_NS, allReduceNs);
    }
  }
}
