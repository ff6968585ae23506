package dev.serving.trace.export;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** How long a receiver asks to wait, made safe to calculate with. */
final class Waits {
  private static final long MOST_SECONDS = Duration.ofDays(1).toSeconds();

  private Waits() {}

  static Duration bounded(long seconds, long nanos) {
    long s = Math.max(0, Math.min(MOST_SECONDS, seconds));
    return Duration.ofSeconds(s, Math.max(0, Math.min(999_999_999, nanos)));
  }

  /** The value of {@code Retry-After}, seconds or a date; zero if it is neither. */
  static Duration retryAfter(String value, Instant now) {
    try {
      return bounded(Long.parseLong(value.strip()), 0);
    } catch (NumberFormatException e) {
      return untilDate(value.strip(), now);
    }
  }

  private static Duration untilDate(String value, Instant now) {
    try {
      Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return bounded(Duration.between(now, then).toSeconds(), 0);
    } catch (DateTimeException | ArithmeticException e) {
      return Duration.ZERO;
    }
  }
}
