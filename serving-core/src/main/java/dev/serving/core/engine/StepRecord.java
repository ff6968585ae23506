package dev.serving.core.engine;

import dev.serving.blame.Pauses;
import dev.serving.core.engine.Batch.Part;
import dev.serving.core.engine.Batch.Preemption;
import dev.serving.core.engine.EngineListener.Delay;
import dev.serving.core.message.RankMessage.Phase;
import dev.serving.core.message.SchedulerMessage.StepDone;
import java.util.Optional;

/**
 * What a step was: the one place that metrics, traces and explanations read. Times are {@link
 * System#nanoTime} of the engine's process:
 *
 * <pre>
 *   planned ─ scheduler chooses ─► sent ─ ranks compute ─► answered ─ outputs go out ─► completed
 * </pre>
 *
 * <p>For each rank k, {@code busyNs(k) + waitedNs(k)} is at most {@code answeredNs - sentNs}.
 *
 * <p>A scheduler has one of these and fills it anew for each step, which makes no garbage: read it
 * during the call that hands it over and keep what you need, on the scheduler's thread.
 */
public final class StepRecord {
  private Batch batch;
  private StepResult result;
  private long completedNs;
  private int usedBlocks;
  private long pauses = Pauses.sumNs();
  private long pausedNs;

  void fill(Batch done, StepResult made, long completed, int blocksInUse) {
    batch = done;
    result = made;
    completedNs = completed;
    usedBlocks = blocksInUse;
    long before = pauses;
    pauses = Pauses.sumNs();
    pausedNs = Math.max(0, pauses - before - pausedNs(0));
  }

  /** The step's number, rising by one. */
  public long id() {
    return batch.id();
  }

  /** When the scheduler began to choose what is in it. */
  public long plannedNs() {
    return batch.plannedNs();
  }

  /** When the first rank was sent it. */
  public long sentNs() {
    return result.sentNs();
  }

  /** When the last rank had answered. */
  public long answeredNs() {
    return result.answeredNs();
  }

  /** When its last output had been handed on. */
  public long completedNs() {
    return completedNs;
  }

  /** Nanoseconds that the ranks had it. */
  public long durationNs() {
    return answeredNs() - sentNs();
  }

  /** KV blocks in use after it. */
  public int usedBlocks() {
    return usedBlocks;
  }

  /** How many ranks ran it. */
  public int ranks() {
    return result.answers().size();
  }

  /** Nanoseconds that a rank computed, copied and sampled. */
  public long busyNs(int rank) {
    return answer(rank).busyNs();
  }

  /** Nanoseconds that a rank waited for other ranks, within collectives. */
  public long waitedNs(int rank) {
    return answer(rank).waitedNs();
  }

  /** Nanoseconds that a rank's process stood still meanwhile, which it counts as busy. */
  public long pausedNs(int rank) {
    return answer(rank).pausedNs();
  }

  /**
   * Nanoseconds that the engine's process stood still since the step before, without what rank 0,
   * which is of this process, says of itself.
   */
  public long pausedNs() {
    return pausedNs;
  }

  private StepDone answer(int rank) {
    return result.answers().get(rank);
  }

  /** How many sequences had a part in it. */
  public int sequences() {
    return batch.parts().size();
  }

  /** Rows of all parts in this phase. */
  public int rows(Phase phase) {
    return batch.rows(phase);
  }

  /** The request of a part, from 0, in the order of the batch. */
  public String rid(int part) {
    return part(part).sequence().rid;
  }

  /** What the rows of a part were. */
  public Phase phase(int part) {
    return part(part).phase();
  }

  /** How many rows a part had. */
  public int rows(int part) {
    return part(part).rows();
  }

  /** The position of a part's first row: how many tokens were in the KV cache before it. */
  public int position(int part) {
    return part(part).start();
  }

  /** The number by which the ledger knows a part's sequence. */
  long key(int part) {
    return part(part).sequence().key;
  }

  /** Whether a part's rows were computed before, until a preemption. */
  public boolean again(int part) {
    return part(part).again();
  }

  /** KV blocks that a part's sequence held. */
  public int blocks(int part) {
    return part(part).blocks();
  }

  /** Whether a part's sequence had waited until this step. */
  public boolean admitted(int part) {
    return part(part).admitted();
  }

  /** Since when an {@link #admitted} part's sequence had waited. */
  public long queuedNs(int part) {
    return part(part).sequence().queuedNs();
  }

  /** How many sequences were left waiting. */
  public int waiting() {
    return batch.waiting();
  }

  /** Why they were: what kept out the first of them keeps out all. Empty where none was. */
  public Optional<Delay> delay() {
    return Optional.ofNullable(batch.delay());
  }

  /** How many sequences lost their KV blocks for it. */
  public int preemptions() {
    return batch.preemptions().size();
  }

  Preemption preemption(int index) {
    return batch.preemptions().get(index);
  }

  private Part part(int part) {
    return batch.parts().get(part);
  }
}
