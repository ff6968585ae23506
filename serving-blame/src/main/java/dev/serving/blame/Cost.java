package dev.serving.blame;

/**
 * What a step's parts cost, as an engine's last steps say: a step takes {@code base}, and each part
 * adds {@code prefillRow} or {@code decodeRow} a row, and {@code attended} for each pair of a row
 * and what it attends to. Nanoseconds. For such a sum what a part adds when it comes last is also
 * its mean over all orders (its Shapley value), so nothing is gained by trying those.
 *
 * @param base of any step
 * @param prefillRow of a row of a prompt
 * @param decodeRow of a row of an answer
 * @param attended of a pair of a row and what it attends to
 * @param fit how well that describes the steps: 1 less the typical error, relative to each step; 0
 *     at least
 */
public record Cost(double base, double prefillRow, double decodeRow, double attended, double fit) {
  /** As long as nothing is known, or the steps are described badly: by rows. */
  static final Cost BY_ROWS = new Cost(0, 1, 1, 0, 0);

  /** Below it parts share by rows. */
  private static final double LEAST_FIT = 0.5;

  /** Whether parts share by their rows alone. */
  public boolean byRows() {
    return fit < LEAST_FIT;
  }

  /** What any step costs. */
  double step() {
    return byRows() ? 0 : base;
  }

  /** What a part adds. */
  double part(long part) {
    int rows = StepPart.rows(part);
    if (byRows()) {
      return rows;
    }
    return rows * (StepPart.prefill(part) ? prefillRow : decodeRow)
        + attended * StepPart.attended(part);
  }
}
