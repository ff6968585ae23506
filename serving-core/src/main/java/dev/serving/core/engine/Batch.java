package dev.serving.core.engine;

import dev.serving.core.message.RankMessage.Admission;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.RankMessage.Step;
import dev.serving.trace.TraceCarrier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What runs in one step: parts of sequences, decodes first. */
final class Batch {
  private final long id;
  private final List<Part> parts = new ArrayList<>();
  private int budget;

  Batch(long id, int budget) {
    this.id = id;
    this.budget = budget;
  }

  long id() {
    return id;
  }

  List<Part> parts() {
    return parts;
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** Rows that the step may still take. */
  int budget() {
    return budget;
  }

  /**
   * Adds as many of the sequence's rows as are to do and as the budget allows, at least one.
   *
   * @return how many of its tokens are in the cache after the step
   */
  int add(Sequence sequence, boolean admitted) {
    int todo = sequence.length() - sequence.computed();
    int rows = Math.min(todo, budget);
    budget -= rows;
    parts.add(
        new Part(sequence, sequence.phase(), sequence.computed(), rows, rows == todo, admitted));
    return sequence.computed() + rows;
  }

  /** Tells of each sequence that is new in the batch. */
  void tellScheduled(EngineListener listener) {
    for (int position = 0; position < parts.size(); position++) {
      Part part = parts.get(position);
      if (part.admitted) {
        listener.scheduled(part.sequence.rid, id, parts.size(), position, part.start);
      }
    }
  }

  /** Tells that the ranks have been sent the batch, and of each sequence that is new in it. */
  void tellDispatched(EngineListener listener) {
    listener.stepStarted(id, parts.stream().map(part -> part.sequence.rid).toList());
    parts.stream().filter(Part::admitted).forEach(part -> listener.dispatched(part.sequence.rid));
  }

  int rows(Phase phase) {
    return parts.stream().filter(part -> part.phase == phase).mapToInt(Part::rows).sum();
  }

  /**
   * The batch as the ranks hear it. To be called once: it tells them of blocks that are new.
   *
   * @param carriers gives the trace context to send on with a sequence that is new to the ranks
   */
  Step toStep(Function<String, TraceCarrier> carriers) {
    return new Step(id, parts.stream().map(part -> part.chunk(carriers)).toList());
  }

  /**
   * Some rows of a sequence.
   *
   * @param phase what they are
   * @param start position of the first
   * @param rows how many
   * @param samples whether the last one chooses a token
   * @param admitted whether the ranks do not know the sequence yet
   */
  record Part(
      Sequence sequence, Phase phase, int start, int rows, boolean samples, boolean admitted) {

    private Chunk chunk(Function<String, TraceCarrier> carriers) {
      return new Chunk(
          sequence.rid,
          phase,
          start,
          sequence.tokens(start, rows),
          sequence.blocks.takeNew(),
          samples,
          admitted ? admission(carriers.apply(sequence.rid)) : null);
    }

    private Admission admission(TraceCarrier carrier) {
      sequence.carrier(carrier);
      return new Admission(
          sequence.sampling,
          sequence.tokens(0, sequence.length()),
          sequence.promptLength,
          start,
          carrier);
    }
  }
}
