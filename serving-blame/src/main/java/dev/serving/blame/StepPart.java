package dev.serving.blame;

/** What a sequence's part of a step was, in one long. */
public final class StepPart {
  private static final int ROW_BITS = 20;
  private static final int POSITION_BITS = 22;
  private static final int BLOCK_BITS = 20;
  private static final int POSITION_AT = BLOCK_BITS;
  private static final int ROWS_AT = POSITION_AT + POSITION_BITS;
  private static final int AGAIN_AT = ROWS_AT + ROW_BITS;
  private static final int PREFILL_AT = AGAIN_AT + 1;

  private StepPart() {}

  /**
   * Packs a part; what is too large to fit counts as the largest that does.
   *
   * @param prefill whether its rows are prompt
   * @param again whether they were computed before, until a preemption
   * @param rows how many there are
   * @param position of the first
   * @param blocks KV blocks that the sequence holds
   */
  public static long pack(boolean prefill, boolean again, int rows, int position, int blocks) {
    return (prefill ? 1L << PREFILL_AT : 0)
        | (again ? 1L << AGAIN_AT : 0)
        | fit(rows, ROW_BITS) << ROWS_AT
        | fit(position, POSITION_BITS) << POSITION_AT
        | fit(blocks, BLOCK_BITS);
  }

  private static long fit(int value, int bits) {
    return Math.min(value, (1L << bits) - 1);
  }

  static boolean prefill(long part) {
    return part >>> PREFILL_AT == 1;
  }

  static boolean again(long part) {
    return (part >>> AGAIN_AT & 1) == 1;
  }

  static int rows(long part) {
    return field(part, ROWS_AT, ROW_BITS);
  }

  static int position(long part) {
    return field(part, POSITION_AT, POSITION_BITS);
  }

  static int blocks(long part) {
    return field(part, 0, BLOCK_BITS);
  }

  private static int field(long part, int at, int bits) {
    return (int) (part >>> at & (1L << bits) - 1);
  }

  /** How many pairs of a row and what it attends to there are: what attention costs by. */
  static double attended(long part) {
    double rows = rows(part);
    return rows * (position(part) + rows / 2);
  }
}
