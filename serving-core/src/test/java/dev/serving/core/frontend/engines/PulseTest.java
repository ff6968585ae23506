package dev.serving.core.frontend.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.fault.RunDelay;
import dev.serving.core.fault.RunDelay.Task;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When a silent engine is given up, and when it is not. Times are made up. */
class PulseTest {
  private static final Duration SILENCE = Duration.ofSeconds(1);
  private Duration cpu = Duration.ZERO;
  private RunDelay delay = waited(0, 0);
  private final Pulse pulse = new Pulse(SILENCE, () -> cpu, () -> delay, 0);

  private static RunDelay waited(long at, long waited) {
    return new RunDelay(Map.of("1", new Task(false, 0, millis(waited))), millis(at));
  }

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  @Test
  void whoSpeaksIsNotStuck() {
    for (long t = 0; t < 10_000; t += 900) {
      assertThat(pulse.stuck(millis(t))).isFalse();
      pulse.heard(millis(t));
    }
  }

  @Test
  void whoIsSilentAndDoesNothingIsStuckAfterTheSilence() {
    assertThat(pulse.stuck(millis(600))).isFalse();
    assertThat(pulse.stuck(millis(1000))).isFalse();
    assertThat(pulse.stuck(millis(1001))).isTrue();
  }

  @Test
  void whoIsSilentButComputesHasTenTimesAsLong() {
    for (long t = 500; t <= 10_000; t += 100) {
      cpu = Duration.ofMillis(t / 10);
      assertThat(pulse.stuck(millis(t))).as("after %d ms", t).isFalse();
    }
    assertThat(pulse.stuck(millis(10_001))).isTrue();
  }

  @Test
  void whoIsNotLetRunIsNotStuckForIt() {
    for (long t = 500; t <= 60_000; t += 100) {
      delay = waited(t, t - 500);
      assertThat(pulse.stuck(millis(t))).as("after %d ms", t).isFalse();
    }
  }

  @Test
  void whoHadACoreForLongEnoughAndSaidNothingIsStuck() {
    for (long t = 500; t <= 1500; t += 100) {
      delay = waited(t, (t - 500) / 2);
      assertThat(pulse.stuck(millis(t))).as("after %d ms", t).isFalse();
    }
    delay = waited(1600, 550);
    assertThat(pulse.stuck(millis(1600))).isTrue();
  }

  @Test
  void whoComputesInTheLittleThatHeIsLetIsNotStuck() {
    for (long t = 500; t <= 10_000; t += 100) {
      cpu = Duration.ofMillis((t - 500) / 100);
      delay = waited(t, (t - 500) * 9 / 10);
      assertThat(pulse.stuck(millis(t))).as("after %d ms", t).isFalse();
    }
  }

  @Test
  void whatNobodyListenedToIsNoSilence() {
    pulse.excuse(millis(5000));
    assertThat(pulse.stuck(millis(5900))).isFalse();
    assertThat(pulse.stuck(millis(6001))).isTrue();
  }
}
