package dev.serving.core.worker;

import dev.serving.core.model.Collective;

/** Measures how long another collective takes, waiting included. Owned by the rank's thread. */
final class TimedCollective implements Collective {
  private final Collective collective;
  private long spentNs;

  TimedCollective(Collective collective) {
    this.collective = collective;
  }

  /** Nanoseconds since the last call. */
  long takeNs() {
    long taken = spentNs;
    spentNs = 0;
    return taken;
  }

  @Override
  public int rank() {
    return collective.rank();
  }

  @Override
  public int size() {
    return collective.size();
  }

  @Override
  public long waitedNs() {
    return collective.waitedNs();
  }

  @Override
  public void allReduceSum(float[] data, int offset, int length) {
    long start = System.nanoTime();
    collective.allReduceSum(data, offset, length);
    spentNs += System.nanoTime() - start;
  }

  @Override
  public void gather(float[] local, int rows, int localColumns, float[] full) {
    long start = System.nanoTime();
    collective.gather(local, rows, localColumns, full);
    spentNs += System.nanoTime() - start;
  }
}
