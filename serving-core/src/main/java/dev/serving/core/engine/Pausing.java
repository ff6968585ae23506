package dev.serving.core.engine;

import dev.serving.core.engine.Sequence.State;

/**
 * Sets sequences aside whose clients do not read, and lets them go on. They hold no place, so
 * others take it; they keep their KV blocks until somebody needs them. Owned by the scheduler's
 * thread.
 */
final class Pausing {
  private final OpenSequences sequences;
  private final Preemptor preemptor;
  private final EngineListener listener;

  Pausing(OpenSequences sequences, Preemptor preemptor, EngineListener listener) {
    this.sequences = sequences;
    this.preemptor = preemptor;
    this.listener = listener;
  }

  /** The client of a request does not read. */
  void pause(String rid) {
    Sequence sequence = sequences.get(rid);
    if (sequence != null && !sequence.paused()) {
      sequence.paused(true);
      listener.paused(rid);
      setAside(sequence);
    }
  }

  /** Takes one out of the next steps if its client does not read and no rank works on it. */
  void setAside(Sequence sequence) {
    if (sequence.paused() && !sequence.underWay() && sequence.state() != State.OVER) {
      sequences.setAside(sequence);
    }
  }

  /** The client of a request has read. */
  void resume(String rid) {
    Sequence sequence = sequences.get(rid);
    if (sequence != null && sequence.paused()) {
      sequence.paused(false);
      listener.resumed(rid);
    }
  }

  /** Those whose clients have read go on in the batch that is being made. */
  void goOn(Batch batch) {
    sequences.paused.ready().forEach(sequence -> goOn(sequence, batch));
  }

  /** It goes on where it was; where its place was given away it waits for its turn again. */
  private void goOn(Sequence sequence, Batch batch) {
    if (sequence.state() == State.RUNNING && sequences.isFull()) {
      preemptor.preempt(sequence, sequences.running.last(), batch, "its place was taken");
    } else {
      sequences.goOn(sequence);
    }
  }
}
