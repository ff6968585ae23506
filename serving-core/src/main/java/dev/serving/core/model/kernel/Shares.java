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
  /**
   * Between two members' cursors, so that they lie in lines of their own: of 64 bytes, by pairs.
   */
  private static final int APART = 32;

  private final int members;

  /** The first part of each share that nobody has taken yet. */
  private final AtomicIntegerArray next;

  private int items;
  private int grain;
  private int parts;

  Shares(int members) {
    this.members = members;
    next = new AtomicIntegerArray(members * APART);
  }

  /** Splits a range into parts of {@code grain} items; nobody may be taking any. */
  void split(int items, int grain) {
    this.items = items;
    this.grain = grain;
    parts = (items - 1) / grain + 1;
    for (int member = 0; member < members; member++) {
      next.set(member * APART, first(member));
    }
  }

  /** Does what is left, the member's own share first. */
  void take(int member, ThreadTeam.RangeTask task) {
    for (int i = 0; i < members; i++) {
      takeFrom((member + i) % members, member, task);
    }
  }

  private void takeFrom(int owner, int member, ThreadTeam.RangeTask task) {
    int at = owner * APART;
    int end = first(owner + 1);
    while (next.get(at) < end) {
      int part = next.getAndIncrement(at);
      if (part < end) {
        int from = part * grain;
        task.run(member, from, Math.min(items, from + grain));
      }
    }
  }

  private int first(int member) {
    return (int) ((long) parts * member / members);
  }
}
