package dev.serving.core.model;

import java.util.LinkedHashSet;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads {@code generation_config.json}, and the stop tokens of {@code config.json} without it. */
final class GenerationReader {
  private GenerationReader() {}

  static GenerationConfig read(JsonFile config, JsonFile generation) {
    JsonFile stops = generation.has("eos_token_id") ? generation : config;
    boolean greedy = generation.has("do_sample") && !generation.flag("do_sample", true);
    return new GenerationConfig(
        stopTokens(stops),
        greedy ? OptionalDouble.of(0) : number(generation, "temperature"),
        number(generation, "top_p"),
        integer(generation, "top_k"),
        number(generation, "repetition_penalty"),
        integer(generation, "max_new_tokens"));
  }

  private static Set<Integer> stopTokens(JsonFile file) {
    Set<Integer> tokens = new LinkedHashSet<>();
    JsonNode eos = file.root().path("eos_token_id");
    if (eos.isArray()) {
      eos.forEach(t -> tokens.add(token(file, t)));
    } else if (file.has("eos_token_id")) {
      tokens.add(token(file, eos));
    }
    return tokens;
  }

  private static int token(JsonFile file, JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
      throw file.unsupported("eos_token_id " + node);
    }
    return node.intValue();
  }

  private static OptionalDouble number(JsonFile file, String field) {
    return file.has(field) ? OptionalDouble.of(file.number(field, 0)) : OptionalDouble.empty();
  }

  private static OptionalInt integer(JsonFile file, String field) {
    return file.has(field)
        ? OptionalInt.of(file.integer(field, 0, Integer.MAX_VALUE))
        : OptionalInt.empty();
  }
}
