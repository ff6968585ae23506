package dev.serving.core.model;

import dev.serving.core.model.kernel.PackedMatrix;
import dev.serving.core.model.kernel.Rows;
import dev.serving.core.model.kernel.ThreadTeam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A decoder with its weights, or one rank's share of it. Not thread-safe: one forward pass at a
 * time, from one thread, which is member 0 of the team.
 *
 * <p>A row's logits depend on its sequence alone: they are the same, bit for bit, in every batch,
 * however its prompt was cut into chunks. With several ranks the sums over ranks are added in
 * another order, which may change the last bits.
 */
public final class Transformer {
  private final ModelConfig config;
  private final Shard shard;
  private final Collective collective;
  private final ThreadTeam team;
  private final PackedMatrix embedding;
  private final List<DecoderLayer> layers;
  private final float[] finalNorm;
  private final PackedMatrix head;
  private final Rope rope;
  private final Activations activations;
  private final Attention attention;
  private final long weightBytes;

  private Transformer(
      ModelConfig config,
      Shard shard,
      Collective collective,
      ThreadTeam team,
      ModelWeights weights) {
    this.config = config;
    this.shard = shard;
    this.collective = collective;
    this.team = team;
    activations = new Activations(config, shard);
    attention = new Attention(config, shard, team);
    rope = new Rope(config.rope(), config.headDim());
    embedding = weights.embedding();
    head = weights.head();
    finalNorm = weights.finalNorm();
    layers = new ArrayList<>();
    for (LayerWeights w : weights.layers()) {
      int i = layers.size();
      layers.add(new DecoderLayer(i, config, shard, w, rope, attention, collective, team));
    }
    weightBytes = weights.bytes();
  }

  /**
   * Reads and packs this rank's weights, the team's members side by side.
   *
   * @throws CheckpointException if a file cannot be read any more
   * @throws IllegalArgumentException if the model does not divide into such shards
   */
  public static Transformer load(
      Checkpoint checkpoint, WeightType type, Shard shard, Collective collective, ThreadTeam team) {
    shard.check(checkpoint.config());
    if (collective.rank() != shard.rank() || collective.size() != shard.size()) {
      throw new IllegalArgumentException(
          "shard %d of %d was given the collective of rank %d of %d"
              .formatted(shard.rank(), shard.size(), collective.rank(), collective.size()));
    }
    try (TensorReader reader = new TensorReader()) {
      WeightLoader loader = new WeightLoader(checkpoint, type, shard, team, reader);
      return new Transformer(checkpoint.config(), shard, collective, team, loader.load());
    }
  }

  /** The model's shape. */
  public ModelConfig config() {
    return config;
  }

  /** Bytes of memory that this rank's packed matrices take. */
  public long weightBytes() {
    return weightBytes;
  }

  /**
   * Runs a batch: stores its keys and values in the cache, and computes the logits that are asked
   * for.
   *
   * @param logits {@code [logitRows][vocabulary]}, filled on rank 0; may be null elsewhere
   * @throws IllegalArgumentException if the batch names tokens or blocks that do not exist
   */
  public void forward(ForwardBatch batch, KvCache cache, float[] logits) {
    check(batch, cache);
    activations.ensure(batch.rows());
    attention.plan(batch);
    embed(batch);
    int half = config.headDim() / 2;
    for (int r = 0; r < batch.rows(); r++) {
      rope.angles(batch.positions()[r], activations.cos, activations.sin, r * half);
    }
    DecoderLayer last = layers.get(layers.size() - 1);
    for (DecoderLayer layer : layers) {
      layer.project(batch, cache, activations);
      if (layer != last) {
        layer.attend(batch, cache, activations);
      }
    }
    if (batch.logitRows().length > 0) {
      ForwardBatch asked = asked(batch);
      last.attend(asked, cache, activations);
      logits(asked, logits);
    }
  }

  /** What goes on after the last keys and values: of the others nobody wants to know more. */
  private ForwardBatch asked(ForwardBatch batch) {
    if (!batch.asksForSome()) {
      return batch;
    }
    ForwardBatch asked = batch.asked();
    activations.keep(batch.logitRows());
    attention.plan(asked);
    return asked;
  }

  private void check(ForwardBatch batch, KvCache cache) {
    for (int r = 0; r < batch.rows(); r++) {
      int token = batch.tokens()[r];
      if (token < 0 || token >= config.vocabSize()) {
        throw new IllegalArgumentException(
            "token %d is not in a vocabulary of %d".formatted(token, config.vocabSize()));
      }
      int block = batch.positions()[r] / cache.blockSize();
      int[] table = batch.blockTables()[batch.sequenceOfRow()[r]];
      if (block >= table.length || table[block] < 0 || table[block] >= cache.blocks()) {
        throw new IllegalArgumentException(
            "position %d has no block among the %d of its sequence, or one outside the cache's %d"
                .formatted(batch.positions()[r], table.length, cache.blocks()));
      }
    }
  }

  /** Each rank looks up the tokens of its own part of the vocabulary; the sum is the whole. */
  private void embed(ForwardBatch batch) {
    int width = config.hiddenSize();
    int first = shard.firstToken(config);
    for (int r = 0; r < batch.rows(); r++) {
      int row = batch.tokens()[r] - first;
      if (row >= 0 && row < embedding.rows()) {
        embedding.row(row, activations.hidden, r * width);
      } else {
        Arrays.fill(activations.hidden, r * width, (r + 1) * width, 0);
      }
    }
    if (shard.size() > 1) {
      collective.allReduceSum(activations.hidden, 0, batch.rows() * width);
    }
  }

  private void logits(ForwardBatch batch, float[] logits) {
    int wanted = batch.logitRows().length;
    for (int i = 0; i < wanted; i++) {
      int from = batch.logitRows()[i] * config.hiddenSize();
      Rows.rmsNorm(
          activations.hidden,
          from,
          finalNorm,
          config.normEpsilon(),
          activations.normed,
          i * config.hiddenSize());
    }
    if (shard.size() == 1) {
      head.multiply(activations.normed, wanted, logits, activations.packed, team);
      return;
    }
    gatherLogits(wanted, logits);
  }

  private void gatherLogits(int wanted, float[] logits) {
    int columns = shard.vocabColumns(config);
    float[] local = activations.localLogits(wanted * columns);
    head.multiply(activations.normed, wanted, local, activations.packed, team);
    spread(local, wanted, head.rows(), columns);
    int fullColumns = columns * shard.size();
    boolean exact = fullColumns == config.vocabSize();
    boolean root = shard.rank() == 0;
    float[] full = exact || !root ? logits : new float[wanted * fullColumns];
    collective.gather(local, wanted, columns, full);
    if (root && !exact) {
      for (int i = 0; i < wanted; i++) {
        System.arraycopy(full, i * fullColumns, logits, i * config.vocabSize(), config.vocabSize());
      }
    }
  }

  /** Moves rows of {@code from} columns apart, to {@code to} columns each, last row first. */
  private static void spread(float[] rows, int count, int from, int to) {
    for (int i = count - 1; i > 0 && from < to; i--) {
      System.arraycopy(rows, i * from, rows, i * to, from);
    }
  }
}
