package dev.serving.core.message;

import dev.serving.trace.TraceCarrier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What a worker rank hears from its engine's scheduler. Every rank hears the same. */
public sealed interface RankMessage extends Message {

  /**
   * One forward pass over some rows of some sequences.
   *
   * @param id the step's number, rising by one
   * @param chunks the sequences' parts in it, at least one
   */
  record Step(long id, List<Chunk> chunks) implements RankMessage {
    /** Refuses a step without work. */
    public Step {
      chunks = List.copyOf(chunks);
      if (chunks.isEmpty()) {
        throw new IllegalArgumentException("a step needs at least one chunk");
      }
    }

    /** How many of its rows are in this phase. */
    public int rows(Phase phase) {
      return chunks.stream().filter(c -> c.phase == phase).mapToInt(c -> c.tokens.length).sum();
    }
  }

  /**
   * The rows of one sequence in a step.
   *
   * @param rid the request's id
   * @param phase whether the rows are prompt (or recomputed) tokens or the one last token
   * @param start position of the first row
   * @param tokens token ids of the rows
   * @param blocks KV blocks added to the sequence's block table by this chunk
   * @param samples whether the last row's logits choose a token
   * @param admission what the rank needs to know when the sequence is new to it, else null
   */
  record Chunk(
      String rid,
      Phase phase,
      int start,
      int[] tokens,
      int[] blocks,
      boolean samples,
      Admission admission) {
    /** Refuses a chunk without rows and a decode of more than one. */
    public Chunk {
      Ids.require(rid);
      Objects.requireNonNull(phase, "phase");
      if (start < 0 || tokens.length == 0 || (phase == Phase.DECODE && tokens.length != 1)) {
        throw new IllegalArgumentException(
            phase + " chunk of " + tokens.length + " rows at position " + start);
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Chunk o
          && rid.equals(o.rid)
          && phase == o.phase
          && start == o.start
          && Arrays.equals(tokens, o.tokens)
          && Arrays.equals(blocks, o.blocks)
          && samples == o.samples
          && Objects.equals(admission, o.admission);
    }

    @Override
    public int hashCode() {
      return 31 * rid.hashCode() + start;
    }
  }

  /**
   * What a rank keeps of a sequence from its first chunk on.
   *
   * @param sampling how tokens are chosen
   * @param context all tokens known so far: the prompt, and after a preemption the output too
   * @param promptLength how many of them are the prompt
   * @param cachedTokens how many of them are already in the KV blocks
   * @param carrier the trace context after SCHEDULE
   */
  record Admission(
      SamplingParams sampling,
      int[] context,
      int promptLength,
      int cachedTokens,
      TraceCarrier carrier) {
    /** Refuses an empty context. */
    public Admission {
      Objects.requireNonNull(sampling, "sampling");
      Objects.requireNonNull(carrier, "carrier");
      if (promptLength < 1 || promptLength > context.length || cachedTokens >= context.length) {
        throw new IllegalArgumentException("promptLength or cachedTokens outside the context");
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Admission o
          && sampling.equals(o.sampling)
          && Arrays.equals(context, o.context)
          && promptLength == o.promptLength
          && cachedTokens == o.cachedTokens
          && carrier.equals(o.carrier);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(context);
    }
  }

  /** Whether a chunk fills the KV cache or continues the output. */
  enum Phase {
    PREFILL,
    DECODE
  }

  /**
   * A sequence left the batch: forget it. Its KV blocks may be given to others from the next step.
   *
   * @param rid the request's id
   * @param cause why
   * @param detail words for the trace when it was cut short, else null
   */
  record Release(String rid, Cause cause, String detail) implements RankMessage {
    /** Why a sequence left. */
    public enum Cause {
      FINISHED,
      PREEMPTED,
      ABORTED
    }

    /** Refuses a missing cause. */
    public Release {
      Ids.require(rid);
      Objects.requireNonNull(cause, "cause");
    }
  }

  /** The scheduler is alive; sent when there is no step to send. */
  record SchedulerAlive() implements RankMessage {}

  /** Change what is traced from now on. */
  record SetRankTracing(TracingLevels levels) implements RankMessage {
    /** Refuses missing levels. */
    public SetRankTracing {
      Objects.requireNonNull(levels, "levels");
    }
  }

  /** Flush what is traced and exit. */
  record StopRank() implements RankMessage {}
}
