package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** This shows that the clocks of several processes, which start at any time, agree. */
final class TraceClockTest {
  @Test
  void clocksThatWereStartedApartAgree() {
    TraceClock first = TraceClock.start();
    for (int i = 0; i < 20; i++) {
      assertThat(apart(first, TraceClock.start())).isLessThan(1_000_000);
    }
  }

  /** At most; the least of many looks, since a thread may be held up between two. */
  private static long apart(TraceClock one, TraceClock other) {
    return IntStream.range(0, 100)
        .mapToLong(i -> Math.abs(one.now() - other.now()))
        .min()
        .orElseThrow();
  }
}
