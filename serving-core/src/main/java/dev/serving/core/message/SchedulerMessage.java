package dev.serving.core.message;

import dev.serving.trace.TraceCarrier;
import java.util.List;
import java.util.Objects;

/** What an engine's scheduler hears from its ranks. */
public sealed interface SchedulerMessage extends Message {

  /**
   * A step is done on a rank. Only rank 0 has tokens in it; the others' answers say that they are
   * done and alive.
   *
   * @param id the step's number
   * @param busyNs how long the rank computed, copied and sampled, in nanoseconds
   * @param waitedNs how long it waited for other ranks meanwhile, in nanoseconds, within
   *     collectives
   * @param pausedNs how long its process stood still for its collector meanwhile, in nanoseconds;
   *     counts as busy, or as waiting
   * @param sampled a token for each chunk whose last row is sampled, in the order of the chunks
   * @param scored log-probabilities for each chunk of a prompt that wants them, in the order of the
   *     chunks
   */
  record StepDone(
      long id,
      long busyNs,
      long waitedNs,
      long pausedNs,
      List<Sampled> sampled,
      List<Scored> scored)
      implements SchedulerMessage {
    /** A step in which no prompt wanted log-probabilities, and nothing stood still. */
    public StepDone(long id, long busyNs, long waitedNs, List<Sampled> sampled) {
      this(id, busyNs, waitedNs, 0, sampled, List.of());
    }

    /** Refuses a step that ended before it began. */
    public StepDone {
      sampled = List.copyOf(sampled);
      scored = List.copyOf(scored);
      if (busyNs < 0 || waitedNs < 0 || pausedNs < 0) {
        throw new IllegalArgumentException(
            "a rank cannot be busy for %d ns, wait for %d and stand still for %d"
                .formatted(busyNs, waitedNs, pausedNs));
      }
    }
  }

  /**
   * A chosen token.
   *
   * @param rid the request's id
   * @param token the token's id
   * @param logprobs its log-probabilities when asked for, else null
   * @param carrier the trace context on the rank when it changed (first and second token), else
   *     none
   */
  record Sampled(String rid, int token, TokenLogprobs logprobs, TraceCarrier carrier) {
    /** Refuses a missing id. */
    public Sampled {
      Ids.require(rid);
      Objects.requireNonNull(carrier, "carrier");
    }
  }

  /**
   * How likely tokens of a prompt were.
   *
   * @param rid the request's id
   * @param start position of the row that came before the first of them
   * @param logprobs one for each of the tokens that follow it
   */
  record Scored(String rid, int start, List<TokenLogprobs> logprobs) {
    /** Refuses a missing id and a place before the prompt. */
    public Scored {
      Ids.require(rid);
      logprobs = List.copyOf(logprobs);
      if (start < 0) {
        throw new IllegalArgumentException("start must not be negative, was " + start);
      }
    }
  }

  /**
   * A rank has its weights and is warm.
   *
   * @param pid its process id
   * @param kvBlocks KV blocks it has room for
   * @param weightBytes bytes of its weights
   */
  record RankReady(long pid, int kvBlocks, long weightBytes) implements SchedulerMessage {
    /** Refuses a rank without room for a block. */
    public RankReady {
      if (kvBlocks < 1 || weightBytes < 0) {
        throw new IllegalArgumentException("no rank has room for " + kvBlocks + " KV blocks");
      }
    }
  }

  /** What a rank's process says of itself; its answer to a sign of life of its engine. */
  record RankStatus(ProcessReport process) implements SchedulerMessage {
    /** Refuses a missing report. */
    public RankStatus {
      Objects.requireNonNull(process, "process");
    }
  }

  /**
   * A rank cannot go on; it exits after this.
   *
   * @param reason one line
   */
  record RankFailed(String reason) implements SchedulerMessage {
    /** Refuses a missing reason. */
    public RankFailed {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
