package dev.serving.core.model;

import dev.serving.core.model.ModelConfig.Architecture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Reads {@code config.json} in the style of transformers 4 and of transformers 5. */
final class ConfigReader {
  private static final Map<String, Architecture> ARCHITECTURES =
      new TreeMap<>(
          Map.of(
              "LlamaForCausalLM", Architecture.LLAMA,
              "MistralForCausalLM", Architecture.MISTRAL,
              "Qwen2ForCausalLM", Architecture.QWEN2,
              "Qwen3ForCausalLM", Architecture.QWEN3));

  private static final Map<String, Architecture> TYPES =
      Map.of(
          "llama", Architecture.LLAMA,
          "mistral", Architecture.MISTRAL,
          "qwen2", Architecture.QWEN2,
          "qwen3", Architecture.QWEN3);

  /** Mistral's window where the file does not name one, as transformers has it. */
  private static final int MISTRAL_WINDOW = 4096;

  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_VOCABULARY = 1 << 24;

  private final JsonFile json;
  private final Architecture architecture;
  private final int layers;

  private ConfigReader(JsonFile json) {
    this.json = json;
    this.architecture = architecture(json);
    this.layers = json.integer("num_hidden_layers", 1, 4096);
  }

  static ModelConfig read(JsonFile json) {
    try {
      return new ConfigReader(json).config();
    } catch (IllegalArgumentException e) {
      throw json.unsupported(e.getMessage());
    }
  }

  private ModelConfig config() {
    refuse();
    int hidden = json.integer("hidden_size", 2, MAX_WIDTH);
    int heads = json.integer("num_attention_heads", 1, 1 << 16);
    int positions = json.integer("max_position_embeddings", 2048, 1, 1 << 30);
    boolean bias = json.flag("attention_bias", false);
    boolean qwen2 = architecture == Architecture.QWEN2;
    return new ModelConfig(
        architecture,
        hidden,
        layers,
        heads,
        json.integer("num_key_value_heads", heads, 1, 1 << 16),
        headDim(hidden, heads),
        json.integer("intermediate_size", 2, MAX_WIDTH),
        json.integer("vocab_size", 1, MAX_VOCABULARY),
        positions,
        (float) json.number("rms_norm_eps", 1e-6),
        RopeReader.read(json, positions),
        json.flag("tie_word_embeddings", false),
        qwen2 || bias,
        !qwen2 && bias,
        architecture == Architecture.LLAMA && json.flag("mlp_bias", false),
        architecture == Architecture.QWEN3,
        windows());
  }

  private static Architecture architecture(JsonFile json) {
    JsonNode name = json.root().path("architectures").path(0);
    boolean base = name.isString() && name.stringValue().endsWith("Model");
    // Saved from the base model, or with nothing said: the type tells, as it does transformers.
    String type = json.text("model_type", "");
    Architecture known =
        base || !name.isString() ? TYPES.get(type) : ARCHITECTURES.get(name.stringValue());
    if (known == null) {
      throw json.unsupported(
          "architecture %s (supported: %s)"
              .formatted(
                  name.isMissingNode() ? "(none named)" : name,
                  String.join(", ", ARCHITECTURES.keySet())));
    }
    return known;
  }

  private void refuse() {
    String activation = json.text("hidden_act", "silu");
    if (!activation.equals("silu") && !activation.equals("swish")) {
      throw json.unsupported("hidden_act '" + activation + "'");
    }
    if (!json.object("quantization_config").root().isEmpty()) {
      String method = json.object("quantization_config").text("quant_method", "unknown");
      throw json.unsupported("quantization_config '" + method + "'");
    }
  }

  private int headDim(int hidden, int heads) {
    if (json.has("head_dim")) {
      return json.integer("head_dim", 2, 1 << 14);
    }
    if (architecture == Architecture.QWEN3) {
      return 128;
    }
    if (hidden % heads != 0) {
      throw json.unsupported(
          "hidden_size %d, which %d heads do not divide,".formatted(hidden, heads));
    }
    return hidden / heads;
  }

  private List<Integer> windows() {
    int window = window();
    if (json.has("layer_types") && architecture != Architecture.LLAMA) {
      return byLayerType(window);
    }
    int first =
        architecture == Architecture.MISTRAL
            ? 0
            : json.integer("max_window_layers", layers, 0, Integer.MAX_VALUE);
    List<Integer> windows = new ArrayList<>(Collections.nCopies(layers, 0));
    for (int i = first; i < layers; i++) {
      windows.set(i, window);
    }
    return windows;
  }

  private int window() {
    return switch (architecture) {
      case LLAMA -> 0;
      case MISTRAL ->
          json.root().has("sliding_window")
              ? json.integer("sliding_window", 0, 1, Integer.MAX_VALUE)
              : MISTRAL_WINDOW;
      case QWEN2, QWEN3 ->
          json.flag("use_sliding_window", false)
              ? json.integer("sliding_window", 4096, 1, Integer.MAX_VALUE)
              : 0;
    };
  }

  private List<Integer> byLayerType(int window) {
    List<Integer> windows = new ArrayList<>();
    for (JsonNode type : json.root().path("layer_types")) {
      String name = type.isString() ? type.stringValue() : type.toString();
      switch (name) {
        case "full_attention" -> windows.add(0);
        case "sliding_attention" -> windows.add(window);
        default -> throw json.unsupported("layer type '" + name + "'");
      }
    }
    if (windows.size() != layers) {
      throw json.unsupported("layer_types for %d of %d layers".formatted(windows.size(), layers));
    }
    return windows;
  }
}
