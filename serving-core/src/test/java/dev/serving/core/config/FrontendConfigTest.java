package dev.serving.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serving.core.config.FrontendConfig.Pools;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * This shows the frontend's defaults, that each can be set, and that a bad value is refused by
 * name.
 */
class FrontendConfigTest {
  @Test
  void theDefaultsAreThese() {
    assertThat(HttpLimits.DEFAULT)
        .isEqualTo(
            new HttpLimits(
                4096,
                8192,
                32768,
                16777216,
                Duration.ofSeconds(30),
                Duration.ofSeconds(75),
                Duration.ofSeconds(30),
                1048576,
                0));
    FrontendConfig config = FrontendConfig.builder("demo").build();
    assertThat(config)
        .isEqualTo(
            new FrontendConfig(
                "demo",
                ListenConfig.DEFAULT,
                config.apiKeys(),
                HttpLimits.DEFAULT,
                Pools.of(Runtime.getRuntime().availableProcessors()),
                1024,
                Duration.ofMinutes(30),
                EnginesConfig.DEFAULT,
                Duration.ofSeconds(30),
                LifecycleFormat.TEXT,
                64 << 20));
    assertThat(config.apiKeys().required()).isFalse();
  }

  @Test
  void theBuilderSetsEverything() {
    HttpLimits limits =
        HttpLimits.builder()
            .connections(1)
            .lineBytes(256)
            .headerBytes(1024)
            .bodyBytes(1025)
            .requestTimeout(Duration.ofSeconds(2))
            .idleTimeout(Duration.ofSeconds(3))
            .writeTimeout(Duration.ofSeconds(4))
            .pendingBytes(4096)
            .memoryBytes(1 << 20)
            .build();
    assertThat(limits)
        .isEqualTo(
            new HttpLimits(
                1,
                256,
                1024,
                1025,
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                4096,
                1 << 20));
    ListenConfig listen = ListenConfig.DEFAULT.withPort(1);
    EnginesConfig engines = EnginesConfig.DEFAULT.withCount(2);
    FrontendConfig config =
        FrontendConfig.builder("demo")
            .listen(listen)
            .apiKeys(ApiKeys.none())
            .limits(limits)
            .pools(new Pools(3, 4, 5))
            .maxRequests(6)
            .generationTimeout(Duration.ofSeconds(7))
            .engines(engines)
            .shutdownTimeout(Duration.ofSeconds(8))
            .lifecycle(LifecycleFormat.JSON)
            .ledgerBytes(9)
            .build();
    assertThat(config)
        .isEqualTo(
            new FrontendConfig(
                "demo",
                listen,
                config.apiKeys(),
                limits,
                new Pools(3, 4, 5),
                6,
                Duration.ofSeconds(7),
                engines,
                Duration.ofSeconds(8),
                LifecycleFormat.JSON,
                9));
  }

  @Test
  void whatCannotBeMeantIsRefusedByTheNameOfTheOption() {
    refused(() -> FrontendConfig.builder(" ").build(), "--served-model-name");
    refused(() -> FrontendConfig.builder("m").ledgerBytes(-1).build(), "--ledger-bytes");
    refused(() -> FrontendConfig.builder("m").maxRequests(0).build(), "--max-requests");
    refused(
        () -> FrontendConfig.builder("m").generationTimeout(Duration.ZERO).build(),
        "--request-timeout");
    refused(
        () -> FrontendConfig.builder("m").shutdownTimeout(Duration.ofSeconds(-1)).build(),
        "--shutdown-timeout");
    refused(() -> new Pools(1, 0, 1), "at least one thread");
    refused(() -> HttpLimits.builder().headerBytes(1).build(), "headerBytes");
    refused(() -> HttpLimits.builder().idleTimeout(Duration.ZERO).build(), "idleTimeout");
  }

  @Test
  void threadsThatAreWokenForEachTokenAreAQuarterOfTheCores() {
    assertThat(List.of(1, 7, 8, 64))
        .map(Pools::of)
        .containsExactly(
            new Pools(1, 2, 1), new Pools(1, 2, 1), new Pools(2, 2, 2), new Pools(4, 2, 4));
  }

  private static void refused(Runnable construction, String name) {
    assertThatThrownBy(construction::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }
}
