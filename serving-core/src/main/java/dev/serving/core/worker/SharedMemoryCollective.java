package dev.serving.core.worker;

import dev.serving.core.model.Collective;
import java.util.concurrent.locks.LockSupport;

/**
 * The ranks of one host add up and collect through shared memory. Owned by the rank's thread.
 *
 * <p>In each round every rank copies its part into its slot, publishes it, waits until all have,
 * and reads theirs. Rounds take turns in two slots: who writes to a slot again has seen everyone
 * publish the round after, and they did so when they were done reading. All ranks add in the order
 * of the ranks, so all have the same bits.
 */
final class SharedMemoryCollective implements Collective {
  /** Some microseconds: what ranks in step with one another differ by. */
  private static final int SPINS = 500;

  /** From here on somebody is loading weights, or late by far: do not burn a core. */
  private static final int YIELDS = 20_000;

  private static final long NAP_NS = 200_000;

  private final SharedMemory memory;
  private final int rank;
  private final int size;
  private final PeerWatch peers;
  private final float[] mine = new float[SharedMemory.SLOT];
  private final float[] theirs = new float[SharedMemory.SLOT];
  private long round;
  private long waitedNs;

  SharedMemoryCollective(SharedMemory memory, int rank, int size) {
    this.memory = memory;
    this.rank = rank;
    this.size = size;
    peers = new PeerWatch(memory);
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long waitedNs() {
    return waitedNs;
  }

  /**
   * {@inheritDoc}
   *
   * @throws PeerLostException when another rank is gone
   */
  @Override
  public void allReduceSum(float[] data, int offset, int length) {
    for (int done = 0; done < length; done += SharedMemory.SLOT) {
      sum(data, offset + done, Math.min(SharedMemory.SLOT, length - done));
    }
  }

  private void sum(float[] data, int offset, int length) {
    int parity = exchange(data, offset, length);
    if (rank == 0) {
      System.arraycopy(data, offset, mine, 0, length);
    } else {
      memory.get(0, parity, 0, mine, 0, length);
    }
    for (int peer = 1; peer < size; peer++) {
      if (peer == rank) {
        add(mine, data, offset, length);
      } else {
        memory.get(peer, parity, 0, theirs, 0, length);
        add(mine, theirs, 0, length);
      }
    }
    System.arraycopy(mine, 0, data, offset, length);
  }

  private static void add(float[] sum, float[] part, int offset, int length) {
    for (int i = 0; i < length; i++) {
      sum[i] += part[offset + i];
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws PeerLostException when another rank is gone
   */
  @Override
  public void gather(float[] local, int rows, int localColumns, float[] full) {
    int rowsAtOnce = Math.max(1, SharedMemory.SLOT / localColumns);
    int columnsAtOnce = Math.min(localColumns, SharedMemory.SLOT);
    for (int row = 0; row < rows; row += rowsAtOnce) {
      int count = Math.min(rowsAtOnce, rows - row);
      for (int column = 0; column < localColumns; column += columnsAtOnce) {
        int width = Math.min(columnsAtOnce, localColumns - column);
        int parity = exchange(local, row * localColumns + column, count * width);
        if (rank == 0) {
          place(parity, row, count, column, width, localColumns, full);
        }
      }
    }
  }

  /** Copies a piece of every rank's rows to where it belongs. */
  private void place(
      int parity, int row, int count, int column, int width, int localColumns, float[] full) {
    for (int peer = 0; peer < size; peer++) {
      for (int i = 0; i < count; i++) {
        int to = ((row + i) * size + peer) * localColumns + column;
        memory.get(peer, parity, i * width, full, to, width);
      }
    }
  }

  /** One round; returns which of the slots holds everyone's part. */
  private int exchange(float[] data, int offset, int length) {
    round++;
    int parity = (int) (round & 1);
    memory.put(rank, parity, data, offset, length);
    memory.publish(rank, round);
    long arrived = System.nanoTime();
    try {
      for (int peer = 0; peer < size; peer++) {
        await(peer);
      }
    } catch (PeerLostException e) {
      throw e.after(System.nanoTime() - arrived);
    }
    waitedNs += System.nanoTime() - arrived;
    return parity;
  }

  private void await(int peer) {
    for (int i = 0; memory.published(peer) < round; i++) {
      if (i < SPINS) {
        Thread.onSpinWait();
      } else if (i < YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(NAP_NS);
      }
      if (i % SPINS == SPINS - 1) {
        peers.check(peer);
      }
    }
  }
}
