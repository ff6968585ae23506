package dev.serving.core.model;

/** The tensors of a decoder by their part in it, each checked for its shape. */
final class WeightNames {
  private final ModelConfig config;
  private final TensorCatalog catalog;
  private final int hidden;
  private final int queries;
  private final int keys;

  WeightNames(ModelConfig config, TensorCatalog catalog) {
    this.config = config;
    this.catalog = catalog;
    hidden = config.hiddenSize();
    queries = config.heads() * config.headDim();
    keys = config.kvHeads() * config.headDim();
  }

  /** Looks for every tensor that the model needs. */
  void checkAll() {
    embedding();
    finalNorm();
    head();
    for (int layer = 0; layer < config.layers(); layer++) {
      checkLayer(layer);
    }
  }

  private void checkLayer(int layer) {
    norm(layer, "input_layernorm");
    norm(layer, "post_attention_layernorm");
    query(layer);
    key(layer);
    value(layer);
    output(layer);
    gate(layer);
    up(layer);
    down(layer);
    if (config.qkvBias()) {
      bias(layer, "self_attn.q_proj", queries);
      bias(layer, "self_attn.k_proj", keys);
      bias(layer, "self_attn.v_proj", keys);
    }
    if (config.outputBias()) {
      bias(layer, "self_attn.o_proj", hidden);
    }
    if (config.mlpBias()) {
      bias(layer, "mlp.gate_proj", config.intermediateSize());
      bias(layer, "mlp.up_proj", config.intermediateSize());
      bias(layer, "mlp.down_proj", hidden);
    }
    if (config.qkNorm()) {
      headNorm(layer, "q_norm");
      headNorm(layer, "k_norm");
    }
  }

  TensorInfo embedding() {
    return catalog.require("model.embed_tokens.weight", config.vocabSize(), hidden);
  }

  TensorInfo head() {
    return config.tied()
        ? embedding()
        : catalog.require("lm_head.weight", config.vocabSize(), hidden);
  }

  TensorInfo finalNorm() {
    return catalog.require("model.norm.weight", hidden);
  }

  TensorInfo norm(int layer, String which) {
    return catalog.require(name(layer, which), hidden);
  }

  TensorInfo headNorm(int layer, String which) {
    return catalog.require(name(layer, "self_attn." + which), config.headDim());
  }

  TensorInfo query(int layer) {
    return catalog.require(name(layer, "self_attn.q_proj"), queries, hidden);
  }

  TensorInfo key(int layer) {
    return catalog.require(name(layer, "self_attn.k_proj"), keys, hidden);
  }

  TensorInfo value(int layer) {
    return catalog.require(name(layer, "self_attn.v_proj"), keys, hidden);
  }

  TensorInfo output(int layer) {
    return catalog.require(name(layer, "self_attn.o_proj"), hidden, queries);
  }

  TensorInfo gate(int layer) {
    return catalog.require(name(layer, "mlp.gate_proj"), config.intermediateSize(), hidden);
  }

  TensorInfo up(int layer) {
    return catalog.require(name(layer, "mlp.up_proj"), config.intermediateSize(), hidden);
  }

  TensorInfo down(int layer) {
    return catalog.require(name(layer, "mlp.down_proj"), hidden, config.intermediateSize());
  }

  TensorInfo bias(int layer, String which, int size) {
    return catalog.require("model.layers." + layer + "." + which + ".bias", size);
  }

  private static String name(int layer, String which) {
    return "model.layers." + layer + "." + which + ".weight";
  }
}
