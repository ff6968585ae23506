package dev.serving.core.engine;

import dev.serving.core.engine.Batch.Part;
import dev.serving.core.engine.Sequence.State;
import dev.serving.core.message.FinishReason;
import dev.serving.core.message.FrontendMessage.Output;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.SchedulerMessage.Sampled;
import dev.serving.core.message.SchedulerMessage.Scored;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Takes in what the ranks did in a step: each sequence gets on, and the frontend hears of each new
 * token. Owned by the scheduler's thread.
 */
final class StepResults {
  private final Limits limits;
  private final OpenSequences sequences;
  private final SequenceEnding ending;
  private final EngineListener listener;
  private final Consumer<Output> outputs;

  /** Outputs go to the frontend. */
  StepResults(
      Limits limits,
      OpenSequences sequences,
      SequenceEnding ending,
      EngineListener listener,
      Consumer<Output> outputs) {
    this.limits = limits;
    this.sequences = sequences;
    this.ending = ending;
    this.listener = listener;
    this.outputs = outputs;
  }

  /** What the rows of a prompt tell of its next tokens. */
  void tell(Scored chunk) {
    Sequence sequence = sequences.get(chunk.rid());
    if (sequence != null && sequence.state() == State.RUNNING) {
      outputs.accept(Answers.scored(sequence, sequence.news(chunk)));
    }
  }

  /**
   * A part of the batch is done.
   *
   * @param tokens those of this part and of all that come after it
   * @throws IllegalStateException when the next token is not this part's
   */
  void done(Part part, Iterator<Sampled> tokens) {
    Sampled token = part.samples() ? sampled(part, tokens) : null;
    part.sequence().underWay(false);
    if (part.sequence().state() == State.RUNNING) {
      advance(part, token);
    }
  }

  private static Sampled sampled(Part part, Iterator<Sampled> tokens) {
    Sampled next = tokens.hasNext() ? tokens.next() : null;
    if (next == null || !next.rid().equals(part.sequence().rid)) {
      throw new IllegalStateException("rank 0 chose no token for " + part.sequence().rid);
    }
    return next;
  }

  private void advance(Part part, Sampled token) {
    Sequence sequence = part.sequence();
    sequence.computed(part.rows());
    if (part.phase() == Phase.PREFILL) {
      listener.chunk(sequence.rid, part.rows());
    }
    if (token != null) {
      sequence.carrier(token.carrier());
    }
    if (sequence.cancelled() != null) {
      ending.end(sequence, sequence.cancelled(), null);
    } else if (token != null && sequence.sampling.maxTokens() == 0) {
      ending.end(sequence, FinishReason.LENGTH, null); // only the prompt was to be read
    } else if (token != null) {
      take(sequence, token);
    }
  }

  private void take(Sequence sequence, Sampled token) {
    sequence.append(token.token());
    if (sequence.outputLength() == 1) {
      listener.firstToken(sequence.rid);
    } else {
      listener.token(sequence.rid);
    }
    FinishReason finish = limits.ending(sequence, token.token());
    if (finish != null) {
      ending.leave(sequence, finish, null);
    }
    outputs.accept(Answers.output(sequence, token, finish, null));
  }
}
