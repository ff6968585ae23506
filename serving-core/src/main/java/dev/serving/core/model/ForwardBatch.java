package dev.serving.core.model;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The rows of one forward pass: each a token of some sequence at some position. Rows of a sequence
 * lie together, in rising, gapless positions; all earlier positions are in the cache already.
 *
 * @param rows how many rows; the arrays may be longer
 * @param tokens the token of each row
 * @param positions its position in its sequence, from 0
 * @param sequenceOfRow an index into {@code blockTables}, rising from row to row
 * @param blockTables for each sequence the cache blocks of its positions in order
 * @param logitRows the rows whose logits are wanted, in the order in which they are given back
 */
public record ForwardBatch(
    int rows,
    int[] tokens,
    int[] positions,
    int[] sequenceOfRow,
    int[][] blockTables,
    int[] logitRows) {
  /** Checks that the rows are grouped and in order. */
  public ForwardBatch {
    if (rows < 1
        || tokens.length < rows
        || positions.length < rows
        || sequenceOfRow.length < rows) {
      throw new IllegalArgumentException(
          "a batch of %d rows needs as many tokens, positions and sequences (got %d, %d, %d)"
              .formatted(rows, tokens.length, positions.length, sequenceOfRow.length));
    }
    for (int r = 0; r < rows; r++) {
      checkOrder(r, positions, sequenceOfRow, blockTables.length);
    }
    for (int r : logitRows) {
      if (r < 0 || r >= rows) {
        throw new IllegalArgumentException("logit row " + r + " is not one of " + rows + " rows");
      }
    }
  }

  /** One sequence's tokens from {@code start} on, with the logits of the last. */
  public static ForwardBatch of(int[] tokens, int start, int[] blocks) {
    int[] positions = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      positions[i] = start + i;
    }
    return new ForwardBatch(
        tokens.length,
        tokens,
        positions,
        new int[tokens.length],
        new int[][] {blocks},
        new int[] {tokens.length - 1});
  }

  /** Whether logits of some rows are wanted and of some not, in the order of the rows. */
  boolean asksForSome() {
    for (int i = 1; i < logitRows.length; i++) {
      if (logitRows[i] <= logitRows[i - 1]) {
        return false;
      }
    }
    return logitRows.length < rows;
  }

  /** Only the rows whose logits are wanted, each as a sequence of its own. */
  ForwardBatch asked() {
    int n = logitRows.length;
    int[] all = IntStream.range(0, n).toArray();
    int[][] tables = new int[n][];
    Arrays.setAll(tables, i -> blockTables[sequenceOfRow[logitRows[i]]]);
    return new ForwardBatch(n, asked(tokens), asked(positions), all, tables, all);
  }

  /** The values of the rows whose logits are wanted. */
  private int[] asked(int[] values) {
    return Arrays.stream(logitRows).map(row -> values[row]).toArray();
  }

  /** The row after the last one of the sequence that {@code row} belongs to. */
  int endOfSequence(int row) {
    int end = row + 1;
    while (end < rows && sequenceOfRow[end] == sequenceOfRow[row]) {
      end++;
    }
    return end;
  }

  private static void checkOrder(int r, int[] positions, int[] sequences, int tables) {
    if (positions[r] < 0 || sequences[r] < 0 || sequences[r] >= tables) {
      throw new IllegalArgumentException(
          "row %d has position %d and sequence %d of %d"
              .formatted(r, positions[r], sequences[r], tables));
    }
    if (r == 0 || sequences[r] > sequences[r - 1]) {
      return;
    }
    if (sequences[r] < sequences[r - 1] || positions[r] != positions[r - 1] + 1) {
      throw new IllegalArgumentException(
          "row %d: rows of a sequence must lie together in rising positions".formatted(r));
    }
  }
}
