package dev.serving.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.SamplingDefaults;
import dev.serving.core.model.GenerationConfig;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A client who said nothing is not refused for what a model's file says. */
class ModelDefaultsTest {
  private static SamplingDefaults of(double temperature, double topP, int topK, double penalty) {
    return ModelDefaults.of(
        new GenerationConfig(
            Set.of(),
            OptionalDouble.of(temperature),
            OptionalDouble.of(topP),
            OptionalInt.of(topK),
            OptionalDouble.empty(),
            OptionalDouble.of(penalty)));
  }

  @Test
  void whatCanBeObeyedIs() {
    assertThat(of(0.6, 0, 20, 1.1)).isEqualTo(new SamplingDefaults(0.6f, 0, 20, 0, 1.1f));
  }

  @Test
  void whatIsOutOfRangeIsLeftOut() {
    assertThat(of(7, 1.5, -1, 11)).isEqualTo(SamplingDefaults.NEUTRAL);
    assertThat(of(-1, -1, -1, 0)).isEqualTo(SamplingDefaults.NEUTRAL);
  }
}
