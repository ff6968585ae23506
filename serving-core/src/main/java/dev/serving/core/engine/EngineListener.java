package dev.serving.core.engine;

import dev.serving.core.message.FinishReason;
import dev.serving.core.message.SpanCounts;
import dev.serving.core.message.TracingLevels;
import dev.serving.trace.TraceCarrier;
import java.util.List;
import java.util.Optional;

/**
 * Hears what happens to sequences and steps in an engine. Tracing and metrics are listeners; the
 * engine runs without any.
 *
 * <p>All methods are called by the scheduler's thread, in the order in which things happen, and
 * must neither block nor throw.
 */
public interface EngineListener {
  /** Hears nothing. */
  EngineListener NONE = new EngineListener() {};

  /** Tells several listeners, in this order. */
  static EngineListener all(EngineListener... listeners) {
    return new EngineListeners(List.of(listeners));
  }

  /** What keeps a waiting sequence from running. */
  enum Delay {
    /** The step's token budget is used up. */
    BUDGET,
    /** There are not enough free KV blocks. */
    BLOCKS,
    /** As many sequences run as may. */
    SEQUENCES
  }

  /**
   * A sequence waits: a new one, or one that was preempted.
   *
   * @param rid the request's id
   * @param carrier the trace context that it came with (after a preemption: the rank's last)
   * @param promptTokens tokens of the prompt, also after a preemption
   * @param queueLength sequences waiting before it
   */
  default void queued(String rid, TraceCarrier carrier, int promptTokens, int queueLength) {}

  /** A waiting sequence at the head of the queue was not admitted to this step, and why. */
  default void delayed(String rid, Delay cause) {}

  /**
   * A sequence is in a batch for the first time (or again after a preemption), not yet sent.
   *
   * @param rid the request's id
   * @param step the step's number
   * @param batchSize sequences in the step
   * @param position the sequence's place in it, from 0
   * @param cachedTokens prompt tokens that need no prefill
   */
  default void scheduled(String rid, long step, int batchSize, int position, int cachedTokens) {}

  /** The step that holds this newly scheduled sequence was handed to the ranks. */
  default void dispatched(String rid) {}

  /** A step was handed to the ranks, with these requests in it. */
  default void stepStarted(long step, List<String> rids) {}

  /** Part of the sequence's prompt went through the model. */
  default void chunk(String rid, int tokens) {}

  /** The first token of the sequence is there. */
  default void firstToken(String rid) {}

  /** One more token of the sequence is there, after the first. */
  default void token(String rid) {}

  /** The sequence lost its KV blocks and will be prefilled again. */
  default void preempted(String rid, String reason) {}

  /** The sequence's client does not read: it is in no step after the one that is under way. */
  default void paused(String rid) {}

  /** The client of a sequence that was paused has read. */
  default void resumed(String rid) {}

  /**
   * The sequence is over; its last output goes to the frontend now. A request that is refused at
   * once is only told here, never as queued.
   *
   * @param rid the request's id
   * @param reason why
   * @param promptTokens prompt tokens
   * @param outputTokens tokens generated
   * @param error words, when it failed; else null
   */
  default void finished(
      String rid, FinishReason reason, int promptTokens, int outputTokens, String error) {}

  /** A step is done. The record is filled anew for the next one: keep none. */
  default void step(StepRecord step) {}

  /**
   * The trace context to send on with a request that was just scheduled; none where nothing is
   * traced.
   */
  default TraceCarrier carrier(String rid) {
    return TraceCarrier.none();
  }

  /** What is traced changes from now on. */
  default void tracing(TracingLevels levels) {}

  /** How the spans that were made of all this fare; empty when none are. */
  default Optional<SpanCounts> spans() {
    return Optional.empty();
  }
}
