package dev.serving.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/** Ranks as threads of one JVM, which meet at a barrier. */
final class ThreadCollective implements Collective {
  private final int rank;
  private final float[][] shared;
  private final CyclicBarrier barrier;

  private ThreadCollective(int rank, float[][] shared, CyclicBarrier barrier) {
    this.rank = rank;
    this.shared = shared;
    this.barrier = barrier;
  }

  static List<Collective> group(int size) {
    float[][] shared = new float[size][];
    CyclicBarrier barrier = new CyclicBarrier(size);
    List<Collective> ranks = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      ranks.add(new ThreadCollective(i, shared, barrier));
    }
    return ranks;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return shared.length;
  }

  @Override
  public void allReduceSum(float[] data, int offset, int length) {
    float[] sum = new float[length];
    shared[rank] = data;
    meet();
    for (float[] other : shared) {
      for (int i = 0; i < length; i++) {
        sum[i] += other[offset + i];
      }
    }
    meet();
    System.arraycopy(sum, 0, data, offset, length);
  }

  @Override
  public void gather(float[] local, int rows, int localColumns, float[] full) {
    shared[rank] = local;
    meet();
    for (int r = 0; rank == 0 && r < rows; r++) {
      for (int i = 0; i < shared.length; i++) {
        int to = (r * shared.length + i) * localColumns;
        System.arraycopy(shared[i], r * localColumns, full, to, localColumns);
      }
    }
    meet();
  }

  private void meet() {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException("a rank is gone", e);
    }
  }
}
