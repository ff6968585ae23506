package dev.serving.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * This shows that doubles are written as Jaeger writes them, whose {@code json.Marshal} gave these.
 */
class GoDoubleTest {
  @ParameterizedTest
  @CsvSource({
    "0.0, 0",
    "-0.0, -0",
    "1.0, 1",
    "-2.5, -2.5",
    "0.5607600729279598, 0.5607600729279598",
    "270805.1518612028, 270805.1518612028",
    "100000000.0, 100000000",
    "1.0E20, 100000000000000000000",
    "1.0E21, 1e+21",
    "1.5E300, 1.5e+300",
    "1.0E-6, 0.000001",
    "1.0E-7, 1e-7",
    "-1.25E-9, -1.25e-9"
  })
  void asGoDoes(double value, String written) {
    assertThat(Json.text(List.of(value))).isEqualTo("[" + written + "]");
  }
}
