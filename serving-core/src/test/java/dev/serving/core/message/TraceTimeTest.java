package dev.serving.core.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PrimitiveIterator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TraceTimeTest {
  @Test
  void aThreadThatIsHeldUpBetweenTheClocksReadsThemAgain() {
    PrimitiveIterator.OfLong monotonic =
        LongStream.of(0, 7_000_000, 8_000_000, 8_000_400).iterator();
    PrimitiveIterator.OfLong traces = LongStream.of(1_000_000_100, 1_008_000_100).iterator();

    assertThat(TraceTime.offset(monotonic::nextLong, traces::nextLong)).isEqualTo(1_000_000_100);
    assertThat(monotonic.hasNext()).isFalse();
  }

  @Test
  void ofReadingsThatAreAllHeldUpTheClosestCounts() {
    PrimitiveIterator.OfLong apart = LongStream.iterate(0, i -> i + 1).iterator();
    long[] now = {0};

    long offset =
        TraceTime.offset(
            () -> now[0] += 1_000_000 - 10_000 * Math.min(apart.nextLong(), 19), () -> now[0] + 5);

    assertThat(offset).isEqualTo(5);
  }
}
