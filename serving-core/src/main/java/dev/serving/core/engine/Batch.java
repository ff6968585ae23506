package dev.serving.core.engine;

import dev.serving.core.engine.EngineListener.Delay;
import dev.serving.core.message.RankMessage.Admission;
import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.RankMessage.Step;
import java.util.ArrayList;
import java.util.List;

/** What runs in one step: parts of sequences, decodes first. */
final class Batch {
  /** Each row of a prompt that is scored needs logits of its own, as wide as the vocabulary. */
  private static final int MAX_SCORED_ROWS = 64;

  private final long id;
  private final long plannedNs = System.nanoTime();
  private final List<Part> parts = new ArrayList<>();
  private final int[] rows = new int[Phase.values().length];
  private int budget;
  private int scoring = MAX_SCORED_ROWS;
  private int most; // rows of one sequence
  private final List<Preemption> preemptions = new ArrayList<>(0);
  private Delay delay;
  private int waiting;

  /** An empty one, whose planning begins now. */
  Batch(long id, int budget) {
    this.id = id;
    this.budget = budget;
    most = budget;
  }

  long id() {
    return id;
  }

  long plannedNs() {
    return plannedNs;
  }

  List<Part> parts() {
    return parts;
  }

  /** From now on no sequence takes more than this part of the budget that is left. */
  void share(int parts) {
    most = Math.max(1, budget / parts);
  }

  /** Rows that the step may still take of this sequence. */
  int budget(Sequence sequence) {
    int rows = Math.min(budget, most);
    return sequence.isScored() ? Math.min(rows, scoring) : rows;
  }

  /**
   * Adds as many of the sequence's rows as are to do and as the budget allows, at least one.
   *
   * @return how many of its tokens are in the cache after the step
   */
  int add(Sequence sequence, boolean admitted) {
    int todo = sequence.length() - sequence.computed();
    int rows = Math.min(todo, budget(sequence));
    budget -= rows;
    scoring -= sequence.isScored() ? rows : 0;
    this.rows[sequence.phase().ordinal()] += rows;
    parts.add(
        new Part(
            sequence,
            sequence.phase(),
            sequence.computed(),
            rows,
            sequence.blocks.takeNew(),
            rows == todo,
            admitted,
            sequence.isAgain(),
            sequence.blocks.size()));
    return sequence.computed() + rows;
  }

  /**
   * Tells of each sequence that is new in the batch, and takes the carrier that it goes on with.
   */
  void tellScheduled(EngineListener listener) {
    for (int position = 0; position < parts.size(); position++) {
      Part part = parts.get(position);
      if (part.admitted) {
        listener.scheduled(part.sequence.rid, id, parts.size(), position, part.start);
        part.sequence.carrier(listener.carrier(part.sequence.rid));
      }
    }
  }

  /** Tells that the ranks have been sent the batch, and of each sequence that is new in it. */
  void tellDispatched(EngineListener listener) {
    listener.stepStarted(id, parts.stream().map(part -> part.sequence.rid).toList());
    parts.stream().filter(Part::admitted).forEach(part -> listener.dispatched(part.sequence.rid));
  }

  int rows(Phase phase) {
    return rows[phase.ordinal()];
  }

  /** To make it, a sequence lost its blocks to another. */
  void preempted(Sequence victim, Sequence beneficiary) {
    preemptions.add(new Preemption(victim, beneficiary));
  }

  List<Preemption> preemptions() {
    return preemptions;
  }

  /** So many were left waiting, the first of them for this reason: null where none was. */
  void leaves(int count, Delay reason) {
    waiting = count;
    delay = reason;
  }

  /** Why the first of those that were left waiting was: null where none was. */
  Delay delay() {
    return delay;
  }

  int waiting() {
    return waiting;
  }

  /** Who lost its blocks to whom. */
  record Preemption(Sequence victim, Sequence beneficiary) {}

  /** The batch as the ranks hear it. */
  Step toStep() {
    return new Step(id, parts.stream().map(Part::chunk).toList());
  }

  /**
   * Some rows of a sequence.
   *
   * @param phase what they are
   * @param start position of the first
   * @param rows how many
   * @param newBlocks KV blocks that the ranks do not know it has
   * @param samples whether the last one chooses a token
   * @param admitted whether the ranks do not know the sequence yet
   * @param again whether the rows were computed before, until a preemption
   * @param blocks KV blocks that the sequence holds
   */
  record Part(
      Sequence sequence,
      Phase phase,
      int start,
      int rows,
      int[] newBlocks,
      boolean samples,
      boolean admitted,
      boolean again,
      int blocks) {

    private Chunk chunk() {
      return new Chunk(
          sequence.rid,
          phase,
          start,
          sequence.tokens(start, rows),
          newBlocks,
          samples,
          admitted ? admission() : null);
    }

    private Admission admission() {
      return new Admission(
          sequence.sampling,
          sequence.tokens(0, sequence.length()),
          sequence.promptLength,
          start,
          sequence.carrier());
    }
  }
}
