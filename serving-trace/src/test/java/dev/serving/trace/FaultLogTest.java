package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * This shows that a fault is told at once, and a thousand more of its kind in one line a minute.
 */
class FaultLogTest {
  private final Logger logger = Logger.getLogger("dev.serving.trace");
  private final List<String> lines = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final AtomicInteger looks = new AtomicInteger();
  private final FaultLog log = new FaultLog(this::look);
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private long look() {
    looks.incrementAndGet();
    return nanos.get();
  }

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  @Test
  void theFirstFaultOfAKindIsToldAtOnceWithWhatToDo() {
    log.report(TraceFault.UNREACHABLE, () -> "localhost:4318 refused");
    assertThat(lines)
        .containsExactly(
            "Tracing, unreachable: localhost:4318 refused."
                + " Start the receiver, or correct the endpoint.");
  }

  @Test
  void laterOnesAreToldOnceAMinuteWithTheirNumber() {
    for (int i = 0; i < 100; i++) {
      log.report(TraceFault.BUSY, () -> "503");
    }
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    log.report(TraceFault.BUSY, () -> "503");
    log.report(TraceFault.BUSY, () -> "503");
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).contains("(100 times since the last such line)");
    assertThat(log.count(TraceFault.BUSY)).isEqualTo(102);
  }

  @Test
  void oneOfManyIsCountedAndSeldomLooksAtTheClock() {
    int looksBefore = looks.get();
    for (int i = 0; i < 10_000; i++) {
      log.reportOneOfMany(TraceFault.QUEUE_FULL, () -> "full");
    }
    assertThat(lines).hasSize(1);
    assertThat(log.count(TraceFault.QUEUE_FULL)).isEqualTo(10_000);
    assertThat(looks.get() - looksBefore).isBetween(1, 200);
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    for (int i = 0; i < 10_000; i++) {
      log.reportOneOfMany(TraceFault.QUEUE_FULL, () -> "full");
    }
    assertThat(lines).hasSize(2);
  }

  @Test
  void kindsAreToldApart() {
    log.report(TraceFault.BUSY, () -> "503");
    log.report(TraceFault.TIMEOUT, () -> "10 s");
    assertThat(lines).hasSize(2);
  }
}
