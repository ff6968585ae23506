package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.trace.config.TracingConfigException;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An OpenTelemetry that will not do is told of when tracing starts, by version. */
class OpenTelemetryVersionTest {
  @ParameterizedTest
  @ValueSource(strings = {"1.42.1", "1.31.0", "0.17.0"})
  void anOldOneIsRefusedInWordsThatSayWhatIsThereAndWhatIsNeeded(String found) {
    assertThatThrownBy(() -> OpenTelemetryVersion.check(found, List.of()))
        .isInstanceOf(TracingConfigException.class)
        .hasMessageContainingAll(found, OpenTelemetryVersion.OLDEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1.43.0", "1.49.0", "1.55.0", "1.67.0-SNAPSHOT", "2.0.0", "of an unknown version"})
  void thoseFromTheOldestOnPass(String found) {
    assertThatCode(() -> OpenTelemetryVersion.check(found, List.of())).doesNotThrowAnyException();
  }

  @Test
  void whatIsLackingSpeaksLouderThanAVersion() {
    List<String> needed = List.of("io.opentelemetry.api.common.NotThere");
    assertThatThrownBy(() -> OpenTelemetryVersion.check("1.99.0", needed))
        .hasMessageContaining("1.99.0");
  }

  @Test
  void idsOfOpenTelemetrysOwnGeneratorAreRandomInAnyVersion() {
    assertThat(OpenTelemetryVersion.randomIds(IdGenerator.random())).isTrue();
  }
}
