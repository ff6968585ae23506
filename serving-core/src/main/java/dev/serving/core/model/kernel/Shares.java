package dev.serving.core.model.kernel;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A range of items, in a share for each member of a team: each works through its own, part by part,
 * and then through what others have left of theirs.
 *
 * <p>A share is one piece, so that a member reads weights as one stream of memory: with parts taken
 * in turn from the whole range each was a stream of its own, and matrices of 1.6 MB took a tenth
 * longer.
 */
final class Shares {
  /** Between two cursors: 128 bytes, the two lines that a processor fetches together. */
  private static final int APART = 32;

  /** The first part of each share that nobody has taken yet. */
  private final AtomicIntegerArray next;

  private int items;
  private int grain;
  private int parts;
  private int count;

  Shares(int members) {
    next = new AtomicIntegerArray(members * APART);
  }

  /**
   * Splits a range into parts of {@code grain} items, and those into shares, of which there may be
   * fewer than members; nobody may be taking any.
   */
  void split(int items, int grain, int count) {
    this.items = items;
    this.grain = grain;
    this.count = count;
    parts = (items - 1) / grain + 1;
    for (int share = 0; share < count; share++) {
      next.set(share * APART, first(share));
    }
  }

  /** Does what is left, the member's own share first. */
  void take(int member, ThreadTeam.RangeTask task) {
    for (int i = 0; i < count; i++) {
      takeFrom((member + i) % count, member, task);
    }
  }

  private void takeFrom(int share, int member, ThreadTeam.RangeTask task) {
    int at = share * APART;
    int end = first(share + 1);
    while (next.get(at) < end) {
      int part = next.getAndIncrement(at);
      if (part < end) {
        int from = part * grain;
        task.run(member, from, Math.min(items, from + grain));
      }
    }
  }

  private int first(int share) {
    return (int) ((long) parts * share / count);
  }
}
