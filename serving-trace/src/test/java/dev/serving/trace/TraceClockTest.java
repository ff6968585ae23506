package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * This shows that the clocks of several processes, which start at any time, agree, however often
 * their threads are held up meanwhile. The host is made up.
 */
final class TraceClockTest {
  private static final long BOOT = 1_700_000_000_000_000_000L;
  private static final int READING = 50; // ns
  private static final int HELD_UP = 10_000_000; // ns, at most

  private final Random random = new Random(7);
  private long host = BOOT + 1;

  @Test
  void clocksThatWereStartedApartAgree() {
    for (int i = 0; i < 20; i++) {
      TraceClock clock = TraceClock.of(() -> read(BOOT), () -> read(0));
      assertThat(clock.anchor()).isBetween(BOOT - READING, BOOT + READING);
    }
  }

  /** The host's time since then, after which the thread is held up every other time. */
  private long read(long since) {
    host += READING;
    long time = host - since;
    host += random.nextBoolean() ? random.nextInt(HELD_UP) : 0;
    return time;
  }
}
