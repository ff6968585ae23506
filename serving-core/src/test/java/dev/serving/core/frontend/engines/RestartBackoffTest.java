package dev.serving.core.frontend.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** This shows how long an engine that failed waits for its next start. */
final class RestartBackoffTest {
  private static final long MS = 1_000_000;

  private final RestartBackoff backoff =
      new RestartBackoff(Duration.ofMillis(500), Duration.ofSeconds(2));

  @Test
  void aFirstRestartComesAtOnce() {
    assertThat(backoff.failed()).isZero();
  }

  @Test
  void whatFailsAgainBeforeItServedWaitsLongerEachTime() {
    backoff.failed();
    assertThat(backoff.failed()).isEqualTo(500 * MS);
    assertThat(backoff.failed()).isEqualTo(1000 * MS);
    assertThat(backoff.failed()).isEqualTo(2000 * MS);
    assertThat(backoff.failed()).isEqualTo(2000 * MS);
  }

  @Test
  void whoeverServedIsStartedAtOnceAgain() {
    for (int i = 0; i < 5; i++) {
      backoff.failed();
    }
    backoff.ready();
    assertThat(backoff.failed()).isZero();
  }
}
