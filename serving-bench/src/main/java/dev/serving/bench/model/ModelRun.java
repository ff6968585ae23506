package dev.serving.bench.model;

import dev.serving.core.model.Checkpoint;
import dev.serving.core.model.Collective;
import dev.serving.core.model.ForwardBatch;
import dev.serving.core.model.KvCache;
import dev.serving.core.model.Shard;
import dev.serving.core.model.Transformer;
import dev.serving.core.model.WeightType;
import dev.serving.core.model.kernel.ThreadTeam;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** A loaded model and the speeds that are measured on it. */
final class ModelRun {
  private static final int BLOCK = 16;
  private static final int BLOCKS_PER_SEQUENCE = 48;
  private static final int SEQUENCES = 16;

  private final Transformer model;
  private final KvCache cache;
  private final float[] logits;
  private final double loadSeconds;
  private final int[][] tables = new int[SEQUENCES][];
  private final Random random = new Random(3);

  ModelRun(Checkpoint checkpoint, WeightType type, ThreadTeam team) {
    long start = System.nanoTime();
    model = Transformer.load(checkpoint, type, Shard.WHOLE, Collective.SOLO, team);
    loadSeconds = (System.nanoTime() - start) / 1e9;
    cache = new KvCache(model.config(), Shard.WHOLE, SEQUENCES * BLOCKS_PER_SEQUENCE, BLOCK);
    logits = new float[SEQUENCES * model.config().vocabSize()];
    Arrays.setAll(
        tables,
        s -> IntStream.range(s * BLOCKS_PER_SEQUENCE, (s + 1) * BLOCKS_PER_SEQUENCE).toArray());
  }

  double loadSeconds() {
    return loadSeconds;
  }

  long weightBytes() {
    return model.weightBytes();
  }

  /** Prompt tokens per second, of one prompt in one pass. */
  double prefill(int tokens, int passes) {
    double[] seconds = new double[passes];
    for (int i = 0; i < passes; i++) {
      ForwardBatch batch = ForwardBatch.of(randomTokens(tokens), 0, tables[0]);
      seconds[i] = seconds(batch);
    }
    return tokens / median(seconds);
  }

  /** Tokens per second over all sequences, each with {@code context} tokens behind it. */
  double decode(int sequences, int context, int steps) {
    double[] seconds = new double[steps];
    for (int i = 0; i < steps; i++) {
      seconds[i] = step(sequences, context + i);
    }
    return sequences / median(seconds);
  }

  /** Seconds of a step of so many sequences, each at this position. */
  double step(int sequences, int position) {
    return seconds(batch(sequences, position));
  }

  private ForwardBatch batch(int sequences, int position) {
    int[] positions = new int[sequences];
    Arrays.fill(positions, position);
    int[] all = IntStream.range(0, sequences).toArray();
    int[][] used = Arrays.copyOf(tables, sequences);
    return new ForwardBatch(sequences, randomTokens(sequences), positions, all, used, all);
  }

  private double seconds(ForwardBatch batch) {
    long start = System.nanoTime();
    model.forward(batch, cache, logits);
    return (System.nanoTime() - start) / 1e9;
  }

  private int[] randomTokens(int n) {
    return random.ints(n, 0, model.config().vocabSize()).toArray();
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
