package dev.serving.core.worker;

import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.core.message.SpanCounts;
import dev.serving.core.message.TracingLevels;
import dev.serving.trace.TraceCarrier;
import java.util.Optional;

/**
 * Hears what happens on one rank. Tracing is a listener; a rank runs without any.
 *
 * <p>All methods are called by the rank's own thread and must neither block nor throw.
 */
public interface RankListener {
  /** Hears nothing. */
  RankListener NONE = new RankListener() {};

  /** The rank begins; the first call, on the thread that makes all others. */
  default void started() {}

  /** A step begins on this rank; sequences whose chunk has an admission are new to it. */
  default void stepStarted(Step step) {}

  /** The all-reduces of the running step took this long in sum, waiting included. */
  default void allReduced(long durationNs) {}

  /** A token was chosen for a chunk of the running step; on other ranks than 0 the row is done. */
  default void sampled(Chunk chunk) {}

  /** The step is done on this rank. */
  default void stepDone(Step step) {}

  /**
   * The running step will never be done: another rank is gone. This one has waited for it so long,
   * which is not work; sequences are released next.
   */
  default void stepLost(long waitedNs) {}

  /** A sequence left the batch. */
  default void released(Release release) {}

  /**
   * The trace context to send with a token that was just chosen, where it is another than with the
   * one before; else none.
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
