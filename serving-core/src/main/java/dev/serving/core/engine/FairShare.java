package dev.serving.core.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Who makes way for a sequence that waits while others hold what it needs.
 *
 * <p>A client's sequence makes way when its client holds so much more than the one that waits that
 * this is still so afterwards; so nobody takes turns at taking from one another. A sequence of the
 * same client makes way for one with far less to do, which will soon be gone. Nobody makes way for
 * who is less urgent, nor before he has made some tokens: else all would compute again and none get
 * on.
 */
final class FairShare {
  /** Tokens that a sequence makes before it can be asked to make way. */
  static final int TURN = 16;

  /** How many times as much as the shorter the longer must have to do. */
  private static final int FAR_LESS = 4;

  private final Map<String, Integer> held = new HashMap<>();
  private final ToIntFunction<Sequence> weight;
  private final Sequence waiter;

  private FairShare(Sequence waiter, ToIntFunction<Sequence> weight) {
    this.waiter = waiter;
    this.weight = weight;
  }

  /**
   * Chooses who makes way: of the client that holds most the most junior that can.
   *
   * @param running those that run, the most senior first
   * @param weight how much of what is short a sequence holds, or would
   * @return null when nobody has to
   */
  static Sequence victim(
      Collection<Sequence> running, Sequence waiter, ToIntFunction<Sequence> weight) {
    FairShare share = new FairShare(waiter, weight);
    running.forEach(s -> share.held.merge(s.client, weight.applyAsInt(s), Integer::sum));
    Sequence victim = null;
    for (Sequence sequence : running) {
      if (share.makesWay(sequence)
          && (victim == null || share.held(sequence) >= share.held(victim))) {
        victim = sequence;
      }
    }
    return victim;
  }

  /** Whether one of the same client has so little to do that it may go ahead. */
  private static boolean isFarLess(int less, int more) {
    return (long) FAR_LESS * less <= more;
  }

  /** Whether prompts under way leave some of a step to one of another client, or far shorter. */
  static boolean leavesBudget(Collection<Sequence> prompts, Sequence next) {
    return prompts.stream().noneMatch(s -> s.isMoreUrgentThan(next))
        && prompts.stream()
            .filter(s -> s.client.equals(next.client))
            .allMatch(s -> isFarLess(next.length(), s.length() - s.computed()));
  }

  private boolean makesWay(Sequence sequence) {
    if (sequence.sinceAdmitted() < TURN || sequence.isMoreUrgentThan(waiter)) {
      return false;
    }
    if (sequence.client.equals(waiter.client)) {
      return Sequence.DUE.compare(waiter, sequence) < 0
          && isFarLess(waiter.remaining(), sequence.remaining());
    }
    return held(sequence) - weight.applyAsInt(sequence) >= held(waiter) + weight.applyAsInt(waiter);
  }

  private int held(Sequence sequence) {
    return held.getOrDefault(sequence.client, 0);
  }
}
