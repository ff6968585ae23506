package dev.serving.template;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Python's {@code strftime} in the C locale. */
final class StrfTime {
  private static final Map<Character, String> PATTERNS =
      Map.ofEntries(
          Map.entry('Y', "uuuu"),
          Map.entry('y', "uu"),
          Map.entry('m', "MM"),
          Map.entry('d', "dd"),
          Map.entry('e', "ppd"),
          Map.entry('b', "MMM"),
          Map.entry('h', "MMM"),
          Map.entry('B', "MMMM"),
          Map.entry('H', "HH"),
          Map.entry('I', "hh"),
          Map.entry('M', "mm"),
          Map.entry('S', "ss"),
          Map.entry('f', "SSSSSS"),
          Map.entry('p', "a"),
          Map.entry('A', "EEEE"),
          Map.entry('a', "EEE"),
          Map.entry('j', "DDD"),
          Map.entry('F', "uuuu-MM-dd"),
          Map.entry('T', "HH:mm:ss"),
          Map.entry('D', "MM/dd/uu"),
          Map.entry('R', "HH:mm"),
          Map.entry('c', "EEE MMM ppd HH:mm:ss uuuu"),
          Map.entry('x', "MM/dd/uu"),
          Map.entry('X', "HH:mm:ss"),
          Map.entry('Z', "''"), // a time without zone
          Map.entry('z', "''"),
          Map.entry('n', "'\n'"),
          Map.entry('t', "'\t'"),
          Map.entry('%', "'%'"));

  private StrfTime() {}

  static String format(LocalDateTime time, String format) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      boolean unpadded = format.startsWith("%-", i);
      int at = i + (unpadded ? 2 : 1);
      String pattern = at < format.length() ? PATTERNS.get(format.charAt(at)) : null;
      if (format.charAt(i) != '%' || pattern == null) {
        out.append(format.charAt(i));
        continue;
      }
      String field = DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
      out.append(unpadded ? field.replaceFirst("^[0 ]+(?=.)", "") : field);
      i = at;
    }
    return out.toString();
  }
}
