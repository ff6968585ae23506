package dev.serving.core.worker;

import dev.serving.core.message.RankMessage.Admission;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.SamplingParams;
import dev.serving.core.message.TokenLogprobs;
import dev.serving.core.worker.ModelRunner.Choice;
import java.util.Arrays;
import java.util.function.Function;

/** What a rank keeps of one sequence. Owned by the rank's thread. */
final class RankSequence {
  private final SamplingParams params;
  private final Sampler sampler;
  private int[] blocks = {};
  private int blockCount;
  private final int promptLength;
  private final int[] prompt; // only where it is scored
  private int outputs;
  private int chosen;

  /**
   * A sequence as it is admitted.
   *
   * @param samplers makes its sampler, or null on a rank that does not sample
   */
  RankSequence(Admission admission, Function<SamplingParams, Sampler> samplers) {
    params = admission.sampling();
    promptLength = admission.promptLength();
    prompt = params.scoresPrompt() ? admission.context() : new int[0];
    sampler = samplers.apply(params);
    outputs = admission.context().length - admission.promptLength();
    if (sampler != null) {
      replay(admission.context(), admission.promptLength());
    }
  }

  private void replay(int[] context, int promptLength) {
    for (int i = 0; i < context.length; i++) {
      if (i < promptLength) {
        sampler.prompt(context[i]);
      } else {
        sampler.output(context[i]);
      }
    }
  }

  void add(int[] more) {
    if (blockCount + more.length > blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(2 * blocks.length, blockCount + more.length));
    }
    System.arraycopy(more, 0, blocks, blockCount, more.length);
    blockCount += more.length;
  }

  /** The block table; entries past its end mean nothing. */
  int[] blocks() {
    return blocks;
  }

  /** How many of a chunk's rows, from its first, have a next token in the prompt to be scored. */
  int scored(Chunk chunk) {
    int rows = Math.min(chunk.tokens().length, promptLength - 1 - chunk.start());
    return params.scoresPrompt() ? Math.max(0, rows) : 0;
  }

  /** How likely the logits of the row at {@code position} made the prompt's next token. */
  TokenLogprobs score(int position, float[] logits, int offset, int size, Candidates scratch) {
    return Logprobs.of(logits, offset, size, params.promptLogprobs(), scratch)
        .chosen(logits, offset, size, prompt[position + 1]);
  }

  /** Chooses the next token from a row of logits, which is changed. */
  Choice choose(String rid, float[] logits, int offset, int size, Candidates scratch) {
    boolean wanted = params.topLogprobs() >= 0;
    Logprobs logprobs =
        wanted ? Logprobs.of(logits, offset, size, params.topLogprobs(), scratch) : null;
    float[] own = wanted ? Arrays.copyOfRange(logits, offset, offset + size) : null;
    int token = sampler.choose(logits, offset, size, outputs++, scratch);
    sampler.output(token);
    return new Choice(rid, token, wanted ? logprobs.chosen(own, 0, size, token) : null, ++chosen);
  }
}
