package dev.serving.core.model;

/**
 * What tensor-parallel ranks do together. Every rank makes the same calls in the same order, from
 * the thread that runs the forward pass.
 */
public interface Collective {
  /** A group of one rank. */
  Collective SOLO =
      new Collective() {
        @Override
        public int rank() {
          return 0;
        }

        @Override
        public int size() {
          return 1;
        }

        @Override
        public void allReduceSum(float[] data, int offset, int length) {}

        @Override
        public void gather(float[] local, int rows, int localColumns, float[] full) {
          System.arraycopy(local, 0, full, 0, rows * localColumns);
        }
      };

  /** This rank's number, 0 to size - 1. */
  int rank();

  /** The number of ranks. */
  int size();

  /** Nanoseconds that this rank has waited for others since it joined, without any copying. */
  default long waitedNs() {
    return 0;
  }

  /**
   * Replaces {@code data[offset .. offset + length)} on every rank by the sum over the ranks, added
   * in the same order everywhere.
   */
  void allReduceSum(float[] data, int offset, int length);

  /**
   * Collects every rank's columns on rank 0.
   *
   * @param local {@code [rows][localColumns]}, of the same size on every rank
   * @param full on rank 0 {@code [rows][size * localColumns]}, rank after rank within a row; not
   *     read on other ranks, where it may be null
   */
  void gather(float[] local, int rows, int localColumns, float[] full);
}
