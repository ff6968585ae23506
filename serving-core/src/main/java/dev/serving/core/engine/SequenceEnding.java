package dev.serving.core.engine;

import dev.serving.core.engine.Sequence.State;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.RankMessage.Release;
import java.util.function.Consumer;

/**
 * How a sequence ends, whatever ends it: everything that it holds is given back, and whoever has to
 * know is told. Owned by the scheduler's thread.
 */
final class SequenceEnding {
  private final OpenSequences sequences;
  private final BlockManager blocks;
  private final EngineListener listener;
  private final Consumer<Output> outputs;
  private final Consumer<Release> releases;

  /**
   * Ends sequences.
   *
   * @param outputs hears the last of each
   * @param releases hears which sequences the ranks must forget
   */
  SequenceEnding(
      OpenSequences sequences,
      BlockManager blocks,
      EngineListener listener,
      Consumer<Output> outputs,
      Consumer<Release> releases) {
    this.sequences = sequences;
    this.blocks = blocks;
    this.listener = listener;
    this.outputs = outputs;
    this.releases = releases;
  }

  /** Ends one without another token; {@code error} is words for the client when it failed. */
  void end(Sequence sequence, FinishReason finish, String error) {
    leave(sequence, finish, error);
    outputs.accept(Answers.output(sequence, null, finish, error));
  }

  /** From wherever it is to over. Its last output is the caller's to send, at once. */
  void leave(Sequence sequence, FinishReason finish, String error) {
    sequences.close(sequence);
    blocks.release(sequence.blocks);
    if (sequence.state() == State.RUNNING) {
      releases.accept(Answers.release(sequence, finish, error));
    }
    sequence.end();
    listener.finished(sequence.rid, finish, sequence.promptLength, sequence.outputLength(), error);
  }
}
