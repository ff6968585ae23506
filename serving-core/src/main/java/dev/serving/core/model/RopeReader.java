package dev.serving.core.model;

import java.util.Locale;
import java.util.Set;

/**
 * Reads the position settings: {@code rope_theta} and {@code rope_scaling} (transformers 4), or
 * {@code rope_parameters} (transformers 5).
 */
final class RopeReader {
  private static final Set<String> KNOWN = Set.of("default", "linear", "dynamic", "llama3", "yarn");
  private static final double DEFAULT_THETA = 10_000;

  private final JsonFile config;
  private final JsonFile rope;
  private final int positions;

  private RopeReader(JsonFile config, int positions) {
    this.config = config;
    this.positions = positions;
    JsonFile scaling = config.object("rope_scaling"); // {} says as little as null
    this.rope = scaling.root().isEmpty() ? config.object("rope_parameters") : scaling;
  }

  static RopeConfig read(JsonFile config, int positions) {
    return new RopeReader(config, positions).read();
  }

  private RopeConfig read() {
    refusePartial(config);
    refusePartial(rope);
    RopeConfig.Type type = type();
    double factor = factor(type);
    boolean llama3 = type == RopeConfig.Type.LLAMA3;
    return new RopeConfig(
        type,
        rope.number("rope_theta", config.number("rope_theta", DEFAULT_THETA)),
        factor,
        llama3 ? required("low_freq_factor") : 1,
        llama3 ? required("high_freq_factor") : 1,
        originalPositions(type),
        type == RopeConfig.Type.YARN ? attentionFactor(factor) : 1,
        orDefault("beta_fast", 32),
        orDefault("beta_slow", 1),
        rope.flag("truncate", true));
  }

  private RopeConfig.Type type() {
    String name = rope.text("rope_type", rope.text("type", "default"));
    if (!KNOWN.contains(name)) {
      throw rope.unsupported("rope type '" + name + "'");
    }
    return RopeConfig.Type.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private double factor(RopeConfig.Type type) {
    if (type == RopeConfig.Type.DEFAULT) {
      return 1;
    }
    if (type == RopeConfig.Type.YARN && !rope.has("factor")) {
      return positions / (double) originalPositions(type);
    }
    return required("factor");
  }

  private int originalPositions(RopeConfig.Type type) {
    if (type != RopeConfig.Type.LLAMA3 && type != RopeConfig.Type.YARN) {
      return positions;
    }
    String field = "original_max_position_embeddings";
    JsonFile at = config.has(field) ? config : rope;
    return at.integer(field, positions, 1, 1 << 30);
  }

  private double attentionFactor(double factor) {
    double mscale = rope.number("mscale", 0);
    double allDim = rope.number("mscale_all_dim", 0);
    double byDefault =
        mscale != 0 && allDim != 0
            ? sharpening(factor, mscale) / sharpening(factor, allDim)
            : sharpening(factor, 1);
    return rope.number("attention_factor", byDefault);
  }

  private static double sharpening(double factor, double mscale) {
    return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
  }

  /** Zero counts as absent, as it does in Python. */
  private double orDefault(String field, double otherwise) {
    double value = rope.number(field, otherwise);
    return value == 0 ? otherwise : value;
  }

  private double required(String field) {
    if (!rope.has(field)) {
      throw rope.unsupported("a rope type without " + field);
    }
    return rope.number(field, 0);
  }

  private static void refusePartial(JsonFile json) {
    double factor = json.number("partial_rotary_factor", 1);
    if (factor != 1) {
      throw json.unsupported("partial_rotary_factor " + factor);
    }
  }
}
