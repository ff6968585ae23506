package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.model.WeightType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** The names are those of vLLM's {@code --dtype}, beside ours. */
final class WeightTypesTest {
  @ParameterizedTest
  @CsvSource({
    "auto, BF16",
    "bfloat16, BF16",
    "BFloat16, BF16",
    "bf16, BF16",
    "float32, F32",
    "float, F32",
    "f32, F32",
    "int8, INT8",
    "float16, BF16",
    "half, BF16",
    "fp16, BF16"
  })
  void aDtypeHasTheNamesThatPeopleKnow(String name, WeightType type) {
    assertThat(new WeightTypes.Dtype().convert(name)).isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "float64", "fp8", "bfloat"})
  void whatIsNoDtypeIsToldWhichThereAre(String name) {
    assertThatThrownBy(() -> new WeightTypes.Dtype().convert(name))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + name + "' is not auto, bfloat16, float32");
  }

  @Test
  void theOneQuantizationIsNamed() {
    WeightTypes.Quantization quantization = new WeightTypes.Quantization();
    assertThat(quantization.convert("INT8")).isEqualTo(WeightType.INT8);
    assertThatThrownBy(() -> quantization.convert("awq"))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'awq' is not int8");
  }
}
