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
 * token and in chunks of any size, whichever blocks it lies in and whosever logits are asked for.
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
      for (int round = 0; round < 6; round++) {
        inRandomBatches(model, blockSize, Asked.values()[round % Asked.values().length], alone);
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

  /** Of which rows of a batch the logits are asked for. */
  private enum Asked {
    ALL,
    SOME,
    SOME_IN_ANY_ORDER
  }

  private void inRandomBatches(Transformer model, int blockSize, Asked asked, float[][][] alone) {
    int perSequence = (LENGTH + blockSize - 1) / blockSize;
    KvCache cache = new KvCache(model.config(), Shard.WHOLE, SEQUENCES * perSequence, blockSize);
    int[][] tables = shuffledTables(perSequence);
    int[] done = new int[SEQUENCES];
    while (IntStream.of(done).anyMatch(d -> d < LENGTH)) {
      int[] chunk = new int[SEQUENCES];
      for (int s = 0; s < SEQUENCES; s++) {
        int size = random.nextBoolean() ? 1 : random.nextInt(30);
        chunk[s] = Math.min(LENGTH - done[s], size);
      }
      step(model, cache, tables, chunk, done, asked, alone);
    }
  }

  private void step(
      Transformer model,
      KvCache cache,
      int[][] tables,
      int[] chunk,
      int[] done,
      Asked asked,
      float[][][] alone) {
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
    int[] of = rows(rows, asked);
    int vocabulary = model.config().vocabSize();
    float[] logits = new float[of.length * vocabulary];
    model.forward(new ForwardBatch(rows, ids, positions, sequences, tables, of), cache, logits);
    for (int i = 0; i < of.length; i++) {
      assertThat(Arrays.copyOfRange(logits, i * vocabulary, (i + 1) * vocabulary))
          .isEqualTo(alone[sequences[of[i]]][positions[of[i]]]);
    }
  }

  private int[] rows(int rows, Asked asked) {
    List<Integer> of = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      if (asked == Asked.ALL || random.nextInt(3) == 0) {
        of.add(r);
      }
    }
    if (asked == Asked.SOME_IN_ANY_ORDER) {
      Collections.shuffle(of, random);
    }
    return of.stream().mapToInt(Integer::intValue).toArray();
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
