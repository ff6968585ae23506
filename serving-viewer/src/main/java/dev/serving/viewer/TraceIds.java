package dev.serving.viewer;

import dev.serving.viewer.chart.Printable;
import java.util.Locale;

/** Trace ids as people and programs type them: any case, leading zeros left out. */
final class TraceIds {
  private TraceIds() {}

  /** 32 lower-case digits. */
  static String parse(String text) throws BadQueryException {
    String digits = text.toLowerCase(Locale.ROOT);
    if (!digits.matches("[0-9a-f]{1,32}")) {
      throw new BadQueryException(
          "a trace id must be 1 to 32 hexadecimal digits, was '" + Printable.text(text) + "'");
    }
    return "0".repeat(32 - digits.length()) + digits;
  }
}
