package dev.serving.core.frontend;

import dev.serving.core.config.SamplingDefaults;
import dev.serving.core.message.SamplingRange;
import dev.serving.core.model.GenerationConfig;
import java.util.OptionalDouble;

/**
 * What a model's {@code generation_config.json} recommends, as far as it can be obeyed. A client
 * who said nothing must not be refused for what a file says, so a value out of range is left out,
 * with a warning.
 */
final class ModelDefaults {
  private ModelDefaults() {}

  static SamplingDefaults of(GenerationConfig says) {
    SamplingDefaults neutral = SamplingDefaults.NEUTRAL;
    return new SamplingDefaults(
        within(SamplingRange.TEMPERATURE, says.temperature(), neutral.temperature()),
        within(SamplingRange.TOP_P, says.topP(), neutral.topP()),
        Math.max(0, says.topK().orElse(neutral.topK())), // -1 is all, too
        within(SamplingRange.MIN_P, says.minP(), neutral.minP()),
        within(
            SamplingRange.REPETITION_PENALTY,
            says.repetitionPenalty(),
            neutral.repetitionPenalty()));
  }

  private static float within(SamplingRange range, OptionalDouble says, float neutral) {
    if (says.isEmpty() || range.holds(says.getAsDouble())) {
      return (float) says.orElse(neutral);
    }
    System.getLogger(ModelDefaults.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "generation_config.json recommends {0} {1}, which is not {2}; {3} is used",
            range.parameter(),
            says.getAsDouble(),
            range.words(),
            neutral);
    return neutral;
  }
}
