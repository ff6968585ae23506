package dev.serving.core.worker;

import dev.serving.core.message.RankMessage.Chunk;
import dev.serving.core.model.ForwardBatch;
import java.util.List;
import java.util.stream.IntStream;

/** Lays the chunks of a step out as the rows of a forward pass. */
final class Rows {
  private final int[] tokens;
  private final int[] positions;
  private final int[] sequences;
  private int count;

  private Rows(int rows) {
    tokens = new int[rows];
    positions = new int[rows];
    sequences = new int[rows];
  }

  /**
   * A pass over the chunks, the i-th of which belongs to the i-th sequence. Logits are wanted of
   * each chunk's rows that are scored, then of its last row where that is sampled.
   */
  static ForwardBatch of(List<Chunk> chunks, List<RankSequence> batch) {
    Rows rows = new Rows(chunks.stream().mapToInt(chunk -> chunk.tokens().length).sum());
    IntStream.Builder wanted = IntStream.builder();
    for (int i = 0; i < chunks.size(); i++) {
      int first = rows.count;
      rows.add(chunks.get(i).tokens(), chunks.get(i).start(), i);
      IntStream.range(0, batch.get(i).scored(chunks.get(i))).forEach(r -> wanted.add(first + r));
      if (chunks.get(i).samples()) {
        wanted.add(rows.count - 1);
      }
    }
    int[][] tables = batch.stream().map(RankSequence::blocks).toArray(int[][]::new);
    return rows.batch(tables, wanted.build().toArray());
  }

  /** A pass over some sequences of as many rows each, from position 0, for warming up. */
  static ForwardBatch blank(int[][] tables, int rowsEach, int start) {
    Rows rows = new Rows(tables.length * rowsEach);
    for (int i = 0; i < tables.length; i++) {
      rows.add(new int[rowsEach], start, i);
    }
    int[] last = IntStream.rangeClosed(1, tables.length).map(i -> i * rowsEach - 1).toArray();
    return rows.batch(tables, last);
  }

  private void add(int[] chunk, int start, int sequence) {
    for (int i = 0; i < chunk.length; i++, count++) {
      tokens[count] = chunk[i];
      positions[count] = start + i;
      sequences[count] = sequence;
    }
  }

  private ForwardBatch batch(int[][] tables, int[] logitRows) {
    return new ForwardBatch(count, tokens, positions, sequences, tables, logitRows);
  }
}
