package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose spans a killed server's journals are. */
final class TraceReceiverTest {
  @TempDir private Path run;

  private static TraceReceiver at(String endpoint) {
    return TraceReceiver.of(
        TraceOptions.config(Map.of("--trace-enable", "true", "--otlp-traces-endpoint", endpoint)));
  }

  @Test
  void onlyWhoSendsToTheSamePlaceTellsThem() throws IOException {
    at("http://127.0.0.1:4318").noteIn(run);
    assertThat(at("http://127.0.0.1:4318").isNotedIn(run)).isTrue();
    assertThat(at("http://127.0.0.1:4319").isNotedIn(run)).isFalse();
  }

  @Test
  void whatNobodyNotedIsNobodys() {
    assertThat(at("http://127.0.0.1:4318").isNotedIn(run)).isFalse();
  }

  @Test
  void nothingSecretIsNoted() throws IOException {
    at("http://secret.example:4318").noteIn(run);
    assertThat(Files.readString(run.resolve("receiver"))).matches("[0-9a-f]{64}");
  }
}
