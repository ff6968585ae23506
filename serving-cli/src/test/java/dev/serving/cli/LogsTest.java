package dev.serving.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What strangers may do to a log: nothing. */
class LogsTest {
  @Test
  void whatNobodySeesIsWrittenByItsNumber() {
    assertThat(SafeText.of("plain text, ünïcode, 漢字, 🙂", false))
        .isEqualTo("plain text, ünïcode, 漢字, 🙂");
    assertThat(SafeText.of("a\u202Eb\u2066c\u200Bd\u001B[31me", false))
        .isEqualTo("a\\u{202e}b\\u{2066}c\\u{200b}d\\u{1b}[31me");
    assertThat(SafeText.of("one\ntwo\u2028three\u0085", false))
        .isEqualTo("one\\ntwo\\u{2028}three\\u{85}");
    assertThat(SafeText.of("\uFEFF\u00AD\u3164\uDB40\uDC41", false))
        .isEqualTo("\\u{feff}\\u{ad}\\u{3164}\\u{e0041}");
    assertThat(SafeText.of("at a\n\tat b\u202E", true)).isEqualTo("at a\n\tat b\\u{202e}");
  }

  @Test
  void aLineTellsTimeLevelClassAndMessageAndATraceBelow() {
    LoggerContext logs = new LoggerContext();
    LogLayout layout = new LogLayout();
    layout.setContext(logs);
    layout.start();
    Logger logger = logs.getLogger("some.Class");
    LoggingEvent plain =
        new LoggingEvent("", logger, Level.INFO, "it\n{} {}", null, new Object[] {"is", 1});
    assertThat(layout.doLayout(plain))
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  Class: it\\\\nis 1\\R");
    IllegalStateException cause = new IllegalStateException("why\u202E");
    LoggingEvent failed = new LoggingEvent("", logger, Level.ERROR, "it failed", cause, null);
    assertThat(layout.doLayout(failed).lines().toList())
        .first(STRING)
        .endsWith(" ERROR Class: it failed");
    assertThat(layout.doLayout(failed))
        .contains("java.lang.IllegalStateException: why\\u{202e}")
        .contains("at dev.serving.cli.LogsTest.");
  }

  @Test
  void warningsOfOneClassAreFewInTenSeconds() {
    AtomicLong now = new AtomicLong();
    LogRate rate = new LogRate(now::get);
    Logger logger = new LoggerContext().getLogger("some.Class");
    for (int i = 0; i < 20; i++) {
      assertThat(decide(rate, logger, Level.WARN)).isEqualTo(FilterReply.NEUTRAL);
    }
    assertThat(decide(rate, logger, Level.ERROR)).isEqualTo(FilterReply.DENY);
    assertThat(decide(rate, logger, Level.INFO)).isEqualTo(FilterReply.NEUTRAL);
    now.set(10_000_000_000L);
    assertThat(decide(rate, logger, Level.ERROR)).isEqualTo(FilterReply.NEUTRAL);
  }

  private static FilterReply decide(LogRate rate, Logger logger, Level level) {
    return rate.decide(null, logger, level, "it failed", null, null);
  }
}
