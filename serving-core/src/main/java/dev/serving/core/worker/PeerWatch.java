package dev.serving.core.worker;

import java.util.concurrent.TimeUnit;

/** Notices, while a rank waits for another one, that the other is gone. One thread. */
final class PeerWatch {
  /** Longer than the engine takes to notice, which knows better what happened. */
  private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(3);

  private final SharedMemory memory;
  private int watched = -1;
  private long lastPulse;
  private long changedAt;

  PeerWatch(SharedMemory memory) {
    this.memory = memory;
  }

  /**
   * Looks after a rank that is waited for. A rank that has not begun yet is not gone.
   *
   * @throws PeerLostException when the engine has given up, or the rank's pulse has stood still
   */
  void check(int rank) {
    if (memory.givenUp()) {
      throw new PeerLostException("another rank failed");
    }
    long now = System.nanoTime();
    long pulse = memory.pulse(rank);
    if (rank != watched || pulse != lastPulse || pulse == 0) {
      watched = rank;
      lastPulse = pulse;
      changedAt = now;
    } else if (now - changedAt > SILENCE_NS) {
      throw new PeerLostException("rank " + rank + " has stopped");
    }
  }
}
