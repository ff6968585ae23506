package dev.serving.core.worker;

import dev.serving.core.message.SamplingParams;
import java.util.HashMap;
import java.util.Map;

/** How often each token was in prompt and output, kept only where a penalty needs it. */
abstract sealed class TokenCounts {
  private static final TokenCounts NONE = new Unused();

  /** What these parameters need. */
  static TokenCounts of(SamplingParams params) {
    boolean none =
        params.repetitionPenalty() == 1
            && params.presencePenalty() == 0
            && params.frequencyPenalty() == 0;
    return none ? NONE : new Kept();
  }

  abstract void prompt(int token);

  abstract void output(int token);

  abstract void penalise(SamplingParams params, float[] logits, int offset);

  private static final class Unused extends TokenCounts {
    @Override
    void prompt(int token) {}

    @Override
    void output(int token) {}

    @Override
    void penalise(SamplingParams params, float[] logits, int offset) {}
  }

  private static final class Kept extends TokenCounts {
    private final Map<Integer, Integer> outputs = new HashMap<>(); // 0: only in the prompt

    @Override
    void prompt(int token) {
      outputs.putIfAbsent(token, 0);
    }

    @Override
    void output(int token) {
      outputs.merge(token, 1, Integer::sum);
    }

    @Override
    void penalise(SamplingParams params, float[] logits, int offset) {
      outputs.forEach(
          (token, count) -> {
            float logit = logits[offset + token];
            float repeated = params.repetitionPenalty();
            logit = logit > 0 ? logit / repeated : logit * repeated;
            logit -= count * params.frequencyPenalty();
            logit -= count > 0 ? params.presencePenalty() : 0;
            // A penalty near 0 would make infinities, of which two make no number.
            logits[offset + token] = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, logit));
          });
    }
  }
}
