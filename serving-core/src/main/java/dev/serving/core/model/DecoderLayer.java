package dev.serving.core.model;

import dev.serving.core.model.kernel.Kernels;
import dev.serving.core.model.kernel.Rows;
import dev.serving.core.model.kernel.ThreadTeam;

/** One layer: attention and feed-forward, each with a norm before and a sum after. */
final class DecoderLayer {
  /** Rows that a thread takes at a time in the small operations. */
  private static final int ROW_GRAIN = 4;

  private final int index;
  private final ModelConfig config;
  private final int heads;
  private final int kvHeads;
  private final LayerWeights weights;
  private final Rope rope;
  private final Attention attention;
  private final Collective collective;
  private final ThreadTeam team;
  private final Kernels kernels = Kernels.best();

  DecoderLayer(
      int index,
      ModelConfig config,
      Shard shard,
      LayerWeights weights,
      Rope rope,
      Attention attention,
      Collective collective,
      ThreadTeam team) {
    this.index = index;
    this.config = config;
    this.heads = shard.heads(config);
    this.kvHeads = shard.kvHeads(config);
    this.weights = weights;
    this.rope = rope;
    this.attention = attention;
    this.collective = collective;
    this.team = team;
  }

  /** Makes the queries of {@code a.hidden}, and adds its keys and values to the cache. */
  void project(ForwardBatch batch, KvCache cache, Activations a) {
    int rows = batch.rows();
    norm(a, rows, weights.inputNorm());
    weights.qkv().multiply(a.normed, rows, a.qkv, a.packed, team);
    team.forRange(rows, ROW_GRAIN, (member, from, to) -> position(batch, cache, a, from, to));
  }

  /** Adds this layer's output to {@code a.hidden}; the batch may be part of what was projected. */
  void attend(ForwardBatch batch, KvCache cache, Activations a) {
    int rows = batch.rows();
    attention.run(index, batch, cache, a);
    weights.output().multiply(a.attended, rows, a.delta, a.packed, team);
    addDelta(a, rows, weights.outputBias());

    norm(a, rows, weights.mlpNorm());
    weights.gateUp().multiply(a.normed, rows, a.gateUp, a.packed, team);
    team.forRange(rows, ROW_GRAIN, (member, from, to) -> activate(a, from, to));
    weights.down().multiply(a.activated, rows, a.delta, a.packed, team);
    addDelta(a, rows, weights.downBias());
  }

  private void norm(Activations a, int rows, float[] weight) {
    int width = config.hiddenSize();
    team.forRange(
        rows,
        ROW_GRAIN,
        (member, from, to) -> {
          for (int r = from; r < to; r++) {
            Rows.rmsNorm(a.hidden, r * width, weight, config.normEpsilon(), a.normed, r * width);
          }
        });
  }

  /** Biases, head norms and turns of queries and keys; keys and values go to the cache. */
  private void position(ForwardBatch batch, KvCache cache, Activations a, int from, int to) {
    int dim = config.headDim();
    for (int r = from; r < to; r++) {
      int at = r * a.qkvWidth();
      if (weights.qkvBias() != null) {
        Rows.add(a.qkv, at, weights.qkvBias(), 0, a.qkvWidth());
      }
      for (int h = 0; h < heads + kvHeads; h++) {
        float[] norm = h < heads ? weights.queryNorm() : weights.keyNorm();
        if (norm != null) {
          Rows.rmsNorm(a.qkv, at + h * dim, norm, config.normEpsilon(), a.qkv, at + h * dim);
        }
        rope.turn(a.qkv, at + h * dim, a.cos, a.sin, r * dim / 2);
      }
      store(batch, cache, a, r);
    }
  }

  private void store(ForwardBatch batch, KvCache cache, Activations a, int row) {
    int dim = config.headDim();
    int position = batch.positions()[row];
    int[] table = batch.blockTables()[batch.sequenceOfRow()[row]];
    int block = table[position / cache.blockSize()];
    int slot = position % cache.blockSize();
    int keyAt = row * a.qkvWidth() + heads * dim;
    for (int h = 0; h < kvHeads; h++) {
      int valueAt = keyAt + (kvHeads + h) * dim;
      cache.store(index, h, block, slot, a.qkv, keyAt + h * dim, valueAt);
    }
  }

  private void activate(Activations a, int from, int to) {
    int n = a.feedForward();
    for (int r = from; r < to; r++) {
      int gate = r * 2 * n;
      if (weights.gateUpBias() != null) {
        Rows.add(a.gateUp, gate, weights.gateUpBias(), 0, 2 * n);
      }
      kernels.swiGlu(a.gateUp, gate, a.gateUp, gate + n, a.activated, r * n, n);
    }
  }

  private void addDelta(Activations a, int rows, float[] bias) {
    int width = config.hiddenSize();
    if (bias != null) {
      for (int r = 0; r < rows; r++) {
        Rows.add(a.delta, r * width, bias, 0, width);
      }
    }
    collective.allReduceSum(a.delta, 0, rows * width);
    Rows.add(a.hidden, 0, a.delta, 0, rows * width);
  }
}
