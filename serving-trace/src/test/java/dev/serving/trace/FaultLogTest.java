package dev.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultLogTest {
  private final Logger logger = Logger.getLogger("dev.serving.trace");
  private final List<String> lines = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final FaultLog log = new FaultLog(nanos::get);
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
                + " Start the receiver, or correct --otlp-traces-endpoint.");
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
  void kindsAreToldApart() {
    log.report(TraceFault.BUSY, () -> "503");
    log.report(TraceFault.TIMEOUT, () -> "10 s");
    assertThat(lines).hasSize(2);
  }
}
