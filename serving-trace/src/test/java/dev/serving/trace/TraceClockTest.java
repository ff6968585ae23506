package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
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

  @Test
  void aThreadThatIsHeldUpBetweenTwoClocksReadsThemAgain() {
    PrimitiveIterator.OfLong other = LongStream.of(0, 7_000_000, 8_000_000, 8_000_400).iterator();
    PrimitiveIterator.OfLong times = LongStream.of(1_000_000_100, 1_008_000_300).iterator();

    assertThat(TraceClock.saying(times::nextLong).at(0, other::nextLong)).isEqualTo(1_000_000_100);
    assertThat(other.hasNext()).isFalse();
  }

  @Test
  void ofReadingsThatAreAllHeldUpTheClosestCounts() {
    PrimitiveIterator.OfLong count = LongStream.iterate(0, i -> i + 1).iterator();
    long[] now = {0};
    LongSupplier heldUp = () -> now[0] += 1_000_000 - 10_000 * Math.min(count.nextLong(), 19);

    assertThat(TraceClock.saying(() -> now[0] + 5).at(0, heldUp)).isEqualTo(5 - 810_000 / 2);
  }

  @Test
  void aTimeOfTheJvmsClockIsOneOfTraces() {
    TraceClock clock = TraceClock.start();

    long before = clock.now();
    long at = clock.at(System.nanoTime());

    assertThat(at).isBetween(before - 100_000, clock.now() + 100_000);
  }

  /** The host's time since then, after which the thread is held up every other time. */
  private long read(long since) {
    host += READING;
    long time = host - since;
    host += random.nextBoolean() ? random.nextInt(HELD_UP) : 0;
    return time;
  }
}
