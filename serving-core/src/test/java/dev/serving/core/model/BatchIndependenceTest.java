package dev.serving.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.model.kernel.ThreadTeam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * This shows that a sequence's logits are the same, bit for bit, alone and among others, token by
 * token and in chunks of any size, and whichever blocks it lies in.
 */
class BatchIndependenceTest {
  private static final int LENGTH = 45;
  private static final int SEQUENCES = 7;

  @TempDir Path directory;
  private final Random random = new Random(3);
  private final int[][] tokens = tokens();

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void everyWeightType(WeightType type) throws IOException {
    check(TinyCheckpoint.llama(), type, 16);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 8, 32})
  void everyBlockSize(int blockSize) throws IOException {
    check(TinyCheckpoint.qwen3(), WeightType.BF16, blockSize);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 16})
  void slidingWindow(int blockSize) throws IOException {
    check(TinyCheckpoint.mistral(), WeightType.BF16, blockSize);
  }

  private void check(TinyCheckpoint tiny, WeightType type, int blockSize) throws IOException {
    Checkpoint checkpoint = Checkpoint.open(tiny.write(directory));
    try (ThreadTeam team = new ThreadTeam(2)) {
      Transformer model = Transformer.load(checkpoint, type, Shard.WHOLE, Collective.SOLO, team);
      float[][][] alone = new float[SEQUENCES][][];
      for (int s = 0; s < SEQUENCES; s++) {
        alone[s] = tokenByToken(model, s, blockSize);
      }
      for (int round = 0; round < 4; round++) {
        assertThat(inRandomBatches(model, blockSize)).isDeepEqualTo(alone);
      }
    }
  }

  private float[][] tokenByToken(Transformer model, int sequence, int blockSize) {
    KvCache cache = new KvCache(model.config(), Shard.WHOLE, LENGTH, blockSize);
    float[][] logits = new float[LENGTH][model.config().vocabSize()];
    int[] blocks = IntStream.range(0, LENGTH).toArray();
    for (int p = 0; p < LENGTH; p++) {
      model.forward(ForwardBatch.of(new int[] {tokens[sequence][p]}, p, blocks), cache, logits[p]);
    }
    return logits;
  }

  private float[][][] inRandomBatches(Transformer model, int blockSize) {
    int perSequence = (LENGTH + blockSize - 1) / blockSize;
    KvCache cache = new KvCache(model.config(), Shard.WHOLE, SEQUENCES * perSequence, blockSize);
    int[][] tables = shuffledTables(perSequence);
    float[][][] result = new float[SEQUENCES][LENGTH][];
    int[] done = new int[SEQUENCES];
    while (IntStream.of(done).anyMatch(d -> d < LENGTH)) {
      int[] chunk = new int[SEQUENCES];
      for (int s = 0; s < SEQUENCES; s++) {
        int size = random.nextBoolean() ? 1 : random.nextInt(30);
        chunk[s] = Math.min(LENGTH - done[s], size);
      }
      step(model, cache, tables, chunk, done, result);
    }
    return result;
  }

  private void step(
      Transformer model, KvCache cache, int[][] tables, int[] chunk, int[] done, float[][][] to) {
    int rows = IntStream.of(chunk).sum();
    if (rows == 0) {
      return;
    }
    int[] ids = new int[rows];
    int[] positions = new int[rows];
    int[] sequences = new int[rows];
    int row = 0;
    for (int s = 0; s < SEQUENCES; s++) {
      for (int i = 0; i < chunk[s]; i++, row++) {
        positions[row] = done[s] + i;
        ids[row] = tokens[s][positions[row]];
        sequences[row] = s;
      }
      done[s] += chunk[s];
    }
    int[] all = IntStream.range(0, rows).toArray();
    int vocabulary = model.config().vocabSize();
    float[] logits = new float[rows * vocabulary];
    model.forward(new ForwardBatch(rows, ids, positions, sequences, tables, all), cache, logits);
    for (int r = 0; r < rows; r++) {
      float[] mine = new float[vocabulary];
      System.arraycopy(logits, r * vocabulary, mine, 0, vocabulary);
      to[sequences[r]][positions[r]] = mine;
    }
  }

  private int[][] shuffledTables(int perSequence) {
    List<Integer> blocks = new ArrayList<>();
    IntStream.range(0, SEQUENCES * perSequence).forEach(blocks::add);
    Collections.shuffle(blocks, random);
    int[][] tables = new int[SEQUENCES][perSequence];
    for (int i = 0; i < blocks.size(); i++) {
      tables[i / perSequence][i % perSequence] = blocks.get(i);
    }
    return tables;
  }

  private static int[][] tokens() {
    Random random = new Random(5);
    int[][] tokens = new int[SEQUENCES][];
    Arrays.setAll(tokens, s -> random.ints(LENGTH, 0, 101).toArray());
    return tokens;
  }
}
