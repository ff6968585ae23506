package dev.serving.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoField;

/**
 * A line of the log, {@code 12:34:56.789 INFO Worker: message}, and a stack trace below it; what
 * strangers can put into either is told by {@link SafeText}. Any thread.
 */
final class LogLayout extends LayoutBase<ILoggingEvent> {
  private static final int LEVEL_WIDTH = 5;

  private final SafeThrowable throwable = new SafeThrowable();

  @Override
  public void start() {
    throwable.setContext(getContext());
    throwable.start();
    super.start();
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    time(event.getTimeStamp(), line);
    line.append(' ').append(event.getLevel());
    line.append(" ".repeat(LEVEL_WIDTH - event.getLevel().toString().length()));
    String logger = event.getLoggerName();
    line.append(' ').append(logger, logger.lastIndexOf('.') + 1, logger.length());
    line.append(": ").append(SafeText.of(event.getFormattedMessage(), false));
    line.append(System.lineSeparator());
    return line.append(throwable.convert(event)).toString();
  }

  /** The time of day here, to milliseconds. */
  private static void time(long millis, StringBuilder into) {
    LocalTime time = LocalTime.ofInstant(Instant.ofEpochMilli(millis), ZoneId.systemDefault());
    two(time.getHour(), into);
    two(time.getMinute(), into.append(':'));
    two(time.getSecond(), into.append(':'));
    int fraction = time.get(ChronoField.MILLI_OF_SECOND);
    two(fraction % 100, into.append('.').append((char) ('0' + fraction / 100)));
  }

  private static void two(int number, StringBuilder into) {
    into.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
