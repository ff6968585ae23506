package dev.serving.core.engine;

import dev.serving.core.message.RankMessage.Release;
import dev.serving.core.message.RankMessage.Release.Cause;
import java.util.function.Consumer;

/**
 * Takes place and KV blocks from one sequence for another: the loser waits again, and what it was
 * is computed once more. Owned by the scheduler's thread.
 */
final class Preemptor {
  private final OpenSequences sequences;
  private final BlockManager blocks;
  private final EngineListener listener;
  private final Consumer<Release> releases;
  private long count;

  /** Ranks hear by {@code releases} what they must forget. */
  Preemptor(
      OpenSequences sequences,
      BlockManager blocks,
      EngineListener listener,
      Consumer<Release> releases) {
    this.sequences = sequences;
    this.blocks = blocks;
    this.listener = listener;
    this.releases = releases;
  }

  /** How many lost what they had, so far. */
  long count() {
    return count;
  }

  /**
   * One makes way for whose turn it is, where there is no room and somebody has too much.
   *
   * @param lackedBlocks who could not run in the batch before for want of blocks, or null
   */
  void makeRoom(Sequence lackedBlocks, Batch batch) {
    Sequence next = sequences.waiting.first();
    boolean full = sequences.isFull();
    if (next == null || !full && next != lackedBlocks) {
      return;
    }
    Sequence victim = FairShare.victim(sequences.running, next, full ? s -> 1 : this::blocksOf);
    if (victim != null) {
      preempt(victim, next, batch, "others' turn");
    }
  }

  private int blocksOf(Sequence sequence) {
    int held = sequence.blocks.size();
    return held > 0 ? held : blocks.blocksFor(sequence.length());
  }

  /** Takes the blocks of the most junior that runs, which may be the beneficiary itself. */
  void preemptNewest(Sequence beneficiary, Batch batch) {
    preempt(sequences.running.last(), beneficiary, batch, "out of KV blocks");
  }

  /** Takes the blocks of one whose client does not read; false when there is none with any. */
  boolean preemptPaused(Sequence beneficiary, Batch batch) {
    Sequence victim = sequences.paused.victim();
    if (victim != null) {
      preempt(victim, beneficiary, batch, "its client does not read");
    }
    return victim != null;
  }

  /** Takes all that the victim has, and says for whom and why. */
  void preempt(Sequence victim, Sequence beneficiary, Batch batch, String reason) {
    count++;
    batch.preempted(victim, beneficiary);
    sequences.running.remove(victim);
    blocks.release(victim.blocks);
    victim.preempt();
    releases.accept(new Release(victim.rid, Cause.PREEMPTED, reason));
    listener.preempted(victim.rid, reason);
    sequences.enqueue(victim);
  }
}
