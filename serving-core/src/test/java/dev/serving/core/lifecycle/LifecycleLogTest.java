package dev.serving.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serving.core.config.LifecycleFormat;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One line an event, as text or JSON, with the ids to find the request and its trace by. */
class LifecycleLogTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2025-01-02T12:00:00.123456Z"), ZoneOffset.UTC);

  private static String line(LifecycleFormat format, String traceId) {
    try (LoggedLines logged = new LoggedLines()) {
      new LifecycleLog(format, NOON)
          .write(LifecycleEvent.PREEMPTED, "cmpl-1", traceId, Map.of("reason", "a \"b\"\n"));
      return String.join("|", logged.lines());
    }
  }

  @Test
  void aLineOfText() {
    assertThat(line(LifecycleFormat.TEXT, "abc"))
        .isEqualTo(
            "event=\"PREEMPTED\" stage=\"DECODE\" request_id=\"cmpl-1\" trace_id=\"abc\""
                + " reason=\"a \\\"b\\\"\\n\"");
  }

  @Test
  void aLineOfJsonBringsItsTime() {
    assertThat(line(LifecycleFormat.JSON, null))
        .isEqualTo(
            "{\"timestamp\":\"2025-01-02T12:00:00.123Z\",\"event\":\"PREEMPTED\","
                + "\"stage\":\"DECODE\",\"request_id\":\"cmpl-1\",\"trace_id\":\"unknown\","
                + "\"reason\":\"a \\\"b\\\"\\n\"}");
  }

  @Test
  void nothingWhereItIsOff() {
    assertThat(line(LifecycleFormat.OFF, "abc")).isEmpty();
  }
}
