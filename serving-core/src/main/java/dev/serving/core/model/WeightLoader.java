package dev.serving.core.model;

import dev.serving.core.model.TensorReader.Slice;
import dev.serving.core.model.kernel.Bf16Matrix;
import dev.serving.core.model.kernel.F32Matrix;
import dev.serving.core.model.kernel.Int8Matrix;
import dev.serving.core.model.kernel.Kernels;
import dev.serving.core.model.kernel.PackedMatrix;
import dev.serving.core.model.kernel.RowSource;
import dev.serving.core.model.kernel.ThreadTeam;
import java.util.List;

/**
 * Reads one rank's share of the weights and packs it, layers side by side: a good part of the time
 * goes to the system's first look at new memory, which only several threads can share.
 */
final class WeightLoader {
  private final ModelConfig config;
  private final WeightNames names;
  private final WeightType type;
  private final Shard shard;
  private final ThreadTeam team;
  private final TensorReader reader;

  WeightLoader(
      Checkpoint checkpoint, WeightType type, Shard shard, ThreadTeam team, TensorReader reader) {
    this.config = checkpoint.config();
    this.names = checkpoint.weights();
    this.type = type;
    this.shard = shard;
    this.team = team;
    this.reader = reader;
  }

  /** Everything, the largest first. */
  ModelWeights load() {
    PackedMatrix[] ends = new PackedMatrix[config.tied() ? 1 : 2];
    LayerWeights[] layers = new LayerWeights[config.layers()];
    team.forEach(
        ends.length + layers.length,
        i -> {
          if (i < ends.length) {
            ends[i] = vocabulary(i == 0 ? names.embedding() : names.head());
          } else {
            layers[i - ends.length] = layer(i - ends.length);
          }
        });
    float[] norm = whole(names.finalNorm());
    return new ModelWeights(ends[0], List.of(layers), norm, ends[ends.length - 1]);
  }

  private LayerWeights layer(int layer) {
    return new LayerWeights(
        whole(names.norm(layer, "input_layernorm")),
        qkv(layer),
        config.qkvBias() ? qkvBias(layer) : null,
        config.qkNorm() ? whole(names.headNorm(layer, "q_norm")) : null,
        config.qkNorm() ? whole(names.headNorm(layer, "k_norm")) : null,
        columns(names.output(layer), shard.heads(config) * config.headDim()),
        config.outputBias() ? rankZeroBias(layer, "self_attn.o_proj") : null,
        whole(names.norm(layer, "post_attention_layernorm")),
        gateUp(layer),
        config.mlpBias() ? gateUpBias(layer) : null,
        columns(names.down(layer), shard.intermediateSize(config)),
        config.mlpBias() ? rankZeroBias(layer, "mlp.down_proj") : null);
  }

  private PackedMatrix vocabulary(TensorInfo tensor) {
    return pack(Slice.rows(tensor, shard.firstToken(config), shard.vocabRows(config)));
  }

  private PackedMatrix qkv(int layer) {
    int queries = shard.heads(config) * config.headDim();
    int keys = shard.kvHeads(config) * config.headDim();
    return pack(
        Slice.rows(names.query(layer), shard.rank() * queries, queries),
        Slice.rows(names.key(layer), shard.rank() * keys, keys),
        Slice.rows(names.value(layer), shard.rank() * keys, keys));
  }

  private PackedMatrix gateUp(int layer) {
    int n = shard.intermediateSize(config);
    return pack(
        Slice.rows(names.gate(layer), shard.rank() * n, n),
        Slice.rows(names.up(layer), shard.rank() * n, n));
  }

  private PackedMatrix columns(TensorInfo tensor, int n) {
    return pack(Slice.columns(tensor, shard.rank() * n, n));
  }

  private PackedMatrix pack(Slice... slices) {
    int rows = 0;
    for (Slice s : slices) {
      rows += s.rows();
    }
    int columns = slices[0].columns();
    Kernels kernels = Kernels.best();
    RowSource source = reader.rows(List.of(slices));
    return switch (type) {
      case BF16 -> Bf16Matrix.pack(kernels, rows, columns, source);
      case F32 -> F32Matrix.pack(kernels, rows, columns, source);
      case INT8 -> Int8Matrix.pack(kernels, rows, columns, source);
    };
  }

  private float[] whole(TensorInfo tensor) {
    return reader.vector(tensor, 0, (int) tensor.shape()[0]);
  }

  private float[] qkvBias(int layer) {
    int queries = shard.heads(config) * config.headDim();
    int keys = shard.kvHeads(config) * config.headDim();
    return joined(
        bias(layer, "self_attn.q_proj", queries),
        bias(layer, "self_attn.k_proj", keys),
        bias(layer, "self_attn.v_proj", keys));
  }

  private float[] gateUpBias(int layer) {
    int n = shard.intermediateSize(config);
    return joined(bias(layer, "mlp.gate_proj", n), bias(layer, "mlp.up_proj", n));
  }

  private float[] bias(int layer, String which, int n) {
    return reader.vector(names.bias(layer, which, n * shard.size()), shard.rank() * n, n);
  }

  /** The bias of a sum over ranks, which one of them adds. */
  private float[] rankZeroBias(int layer, String which) {
    TensorInfo bias = names.bias(layer, which, config.hiddenSize());
    return shard.rank() == 0 ? whole(bias) : null;
  }

  private static float[] joined(float[]... parts) {
    int n = 0;
    for (float[] p : parts) {
      n += p.length;
    }
    float[] all = new float[n];
    int at = 0;
    for (float[] p : parts) {
      System.arraycopy(p, 0, all, at, p.length);
      at += p.length;
    }
    return all;
  }
}
