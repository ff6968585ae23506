package dev.serving.blame;

/** Small systems of linear equations, positive definite but for what is measured too rarely. */
final class Equations {
  /** Of the largest pivot; below it, unknowns cannot be told apart. */
  private static final double LEAST_PIVOT = 1e-9;

  private Equations() {}

  /**
   * Solves for some of the unknowns; the others are 0.
   *
   * @param matrix symmetric
   * @param used a bit for each unknown that may differ from 0
   * @return null when there is no one solution, or one with an unknown below 0
   */
  static double[] solve(double[][] matrix, double[] right, int used) {
    int size = right.length;
    double[][] rows = new double[size][];
    for (int i = 0; i < size; i++) {
      rows[i] = scaledRow(matrix, right, used, i);
    }
    for (int pivot = 0; pivot < size; pivot++) {
      if (rows[pivot][pivot] < LEAST_PIVOT) {
        return null;
      }
      eliminate(rows, pivot);
    }
    double[] solution = new double[size];
    for (int i = 0; i < size; i++) {
      boolean free = (used >> i & 1) == 1;
      solution[i] = free ? rows[i][size] / rows[i][i] / scale(matrix, i) : 0;
      if (solution[i] < 0) {
        return null;
      }
    }
    return solution;
  }

  /** A row whose unknowns are in units of their own size; one that is not used says it is 0. */
  private static double[] scaledRow(double[][] matrix, double[] right, int used, int i) {
    int size = right.length;
    double[] row = new double[size + 1];
    if ((used >> i & 1) == 0) {
      row[i] = 1;
      return row;
    }
    for (int j = 0; j < size; j++) {
      boolean free = (used >> j & 1) == 1;
      row[j] = free ? matrix[i][j] / scale(matrix, i) / scale(matrix, j) : 0;
    }
    row[size] = right[i] / scale(matrix, i);
    return row;
  }

  private static double scale(double[][] matrix, int i) {
    return matrix[i][i] > 0 ? Math.sqrt(matrix[i][i]) : 1;
  }

  private static void eliminate(double[][] rows, int pivot) {
    for (int i = 0; i < rows.length; i++) {
      double factor = i == pivot ? 0 : rows[i][pivot] / rows[pivot][pivot];
      for (int j = pivot; factor != 0 && j < rows[i].length; j++) {
        rows[i][j] -= factor * rows[pivot][j];
      }
    }
  }
}
