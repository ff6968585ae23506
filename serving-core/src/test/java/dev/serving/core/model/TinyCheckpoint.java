package dev.serving.core.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/** A small random checkpoint for tests, always the same for the same settings. */
public final class TinyCheckpoint {
  private final Map<String, Object> config = new LinkedHashMap<>();

  private TinyCheckpoint(String architecture) {
    config.put("architectures", new String[] {architecture});
    config.put("hidden_size", 48);
    config.put("num_hidden_layers", 3);
    config.put("num_attention_heads", 4);
    config.put("num_key_value_heads", 2);
    config.put("head_dim", 12);
    config.put("intermediate_size", 72);
    config.put("vocab_size", 101);
    config.put("max_position_embeddings", 256);
    config.put("rms_norm_eps", 1e-5);
    config.put("rope_theta", 10000.0);
    config.put("tie_word_embeddings", false);
    config.put("eos_token_id", 2);
  }

  /** With sizes that are no multiples of a vector, on purpose. */
  public static TinyCheckpoint llama() {
    return new TinyCheckpoint("LlamaForCausalLM");
  }

  /** With a window of 7 positions. */
  public static TinyCheckpoint mistral() {
    return new TinyCheckpoint("MistralForCausalLM").with("sliding_window", 7);
  }

  /** With biases and tied embeddings. */
  public static TinyCheckpoint qwen2() {
    return new TinyCheckpoint("Qwen2ForCausalLM").with("tie_word_embeddings", true);
  }

  /** With head norms. */
  public static TinyCheckpoint qwen3() {
    return new TinyCheckpoint("Qwen3ForCausalLM");
  }

  /** Changes a field of {@code config.json}; null removes it. */
  public TinyCheckpoint with(String field, Object value) {
    config.put(field, value);
    if (value == null) {
      config.remove(field);
    }
    return this;
  }

  /** Writes the files into a directory, which is returned. */
  public Path write(Path directory) throws IOException {
    weights().write(directory.resolve("model.safetensors"));
    return writeConfig(directory);
  }

  Path writeConfig(Path directory) throws IOException {
    Files.writeString(
        directory.resolve("config.json"), JsonMapper.shared().writeValueAsString(config));
    return directory;
  }

  SafetensorsWriter weights() {
    Random random = new Random(7);
    SafetensorsWriter w = new SafetensorsWriter();
    int hidden = size("hidden_size");
    w.random(random, "model.embed_tokens.weight", 0, 0.5, size("vocab_size"), hidden);
    w.random(random, "model.norm.weight", 1, 0.2, hidden);
    if (!config.get("tie_word_embeddings").equals(true)) {
      matrix(w, random, "lm_head", size("vocab_size"), hidden);
    }
    for (int i = 0; i < size("num_hidden_layers"); i++) {
      layer(w, random, "model.layers." + i + ".");
    }
    return w;
  }

  private void layer(SafetensorsWriter w, Random random, String at) {
    int hidden = size("hidden_size");
    int dim = size("head_dim");
    int inner = size("intermediate_size");
    w.random(random, at + "input_layernorm.weight", 1, 0.2, hidden);
    w.random(random, at + "post_attention_layernorm.weight", 1, 0.2, hidden);
    matrix(w, random, at + "self_attn.q_proj", size("num_attention_heads") * dim, hidden);
    matrix(w, random, at + "self_attn.k_proj", size("num_key_value_heads") * dim, hidden);
    matrix(w, random, at + "self_attn.v_proj", size("num_key_value_heads") * dim, hidden);
    matrix(w, random, at + "self_attn.o_proj", hidden, size("num_attention_heads") * dim);
    matrix(w, random, at + "mlp.gate_proj", inner, hidden);
    matrix(w, random, at + "mlp.up_proj", inner, hidden);
    matrix(w, random, at + "mlp.down_proj", hidden, inner);
    w.random(random, at + "self_attn.q_norm.weight", 1, 0.2, dim);
    w.random(random, at + "self_attn.k_norm.weight", 1, 0.2, dim);
  }

  /** With a bias, which models without biases do not read. */
  private static void matrix(SafetensorsWriter w, Random random, String at, int rows, int columns) {
    w.random(random, at + ".weight", 0, 2 / Math.sqrt(columns), rows, columns);
    w.random(random, at + ".bias", 0, 0.3, rows);
  }

  private int size(String field) {
    return ((Number) config.get(field)).intValue();
  }
}
