package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This shows for which command lines an engine begins before they are read. */
final class EarlyEnginesTest {
  private static final Map<String, String> NOTHING_SET =
      Map.of("PATH", "/bin", "SERVING_PORT", "1");

  @ParameterizedTest
  @ValueSource(
      strings = {"serve", "serve DIR --port 8080 --dtype int8", "demo --once", "serve -tp 2"})
  void beginsWhereOneIsNeeded(String line) {
    assertThat(EarlyEngines.likely(NOTHING_SET, line.split(" "))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "viewer",
        "help serve",
        "serve --help",
        "serve --print-config",
        "serve --config serving.yaml",
        "serve --config=serving.yaml",
        "serve --engine-heap 8g",
        "demo --engine-heap=8g",
        "serve @words"
      })
  void doesNotWhereItIsNotOrMayHaveOptionsOfItsOwn(String line) {
    assertThat(EarlyEngines.likely(NOTHING_SET, line.split(" "))).isFalse();
  }

  @Test
  void variablesMaySayOtherwise() {
    assertThat(EarlyEngines.likely(Map.of("SERVING_ENGINE_HEAP", "8g"), "serve")).isFalse();
    assertThat(EarlyEngines.likely(Map.of("SERVING_CONFIG", "serving.yaml"), "serve")).isFalse();
    assertThat(EarlyEngines.likely(NOTHING_SET)).isFalse();
  }
}
