package dev.serving.core.model;

import java.util.LinkedHashSet;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/** Reads {@code generation_config.json}, and the stop tokens of {@code config.json} without it. */
final class GenerationReader {
  /** Files that mean no token say null or -1. */
  private static final Integer NONE = -1;

  private GenerationReader() {}

  static GenerationConfig read(JsonFile config, JsonFile generation) {
    JsonFile stops = generation.has("eos_token_id") ? generation : config;
    boolean greedy = BooleanNode.FALSE.equals(generation.root().path("do_sample"));
    return new GenerationConfig(
        stopTokens(stops),
        greedy ? OptionalDouble.of(0) : number(generation, "temperature"),
        number(generation, "top_p"),
        integer(generation, "top_k"),
        number(generation, "min_p"),
        number(generation, "repetition_penalty"));
  }

  private static Set<Integer> stopTokens(JsonFile file) {
    Set<Integer> tokens = new LinkedHashSet<>();
    JsonNode eos = file.root().path("eos_token_id");
    if (eos.isArray()) {
      eos.forEach(t -> tokens.add(token(file, t)));
    } else if (file.has("eos_token_id")) {
      tokens.add(token(file, eos));
    }
    tokens.remove(NONE);
    return tokens;
  }

  private static int token(JsonFile file, JsonNode node) {
    if (node.isNull()) {
      return NONE;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < NONE) {
      throw file.unsupported("eos_token_id " + node);
    }
    return node.intValue();
  }

  /** A recommendation that is no number is none: transformers starts with such a file, too. */
  private static OptionalDouble number(JsonFile file, String field) {
    JsonNode node = file.root().path(field);
    if (node.isNumber() && Double.isFinite(node.doubleValue())) {
      return OptionalDouble.of(node.doubleValue());
    }
    if (file.has(field)) {
      System.getLogger(GenerationReader.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "generation_config.json recommends {0} {1}, which is ignored",
              field,
              node);
    }
    return OptionalDouble.empty();
  }

  private static OptionalInt integer(JsonFile file, String field) {
    OptionalDouble number = number(file, field);
    return number.isPresent() ? OptionalInt.of((int) number.getAsDouble()) : OptionalInt.empty();
  }
}
