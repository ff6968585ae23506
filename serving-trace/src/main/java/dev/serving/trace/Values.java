package dev.serving.trace;

import dev.serving.trace.config.TracingConfigException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings as text: what is wrong is said, never guessed. */
final class Values {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d|)");

  private Values() {}

  static boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new TracingConfigException("expected true or false");
    };
  }

  static int wholeNumber(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new TracingConfigException("expected a whole number", e);
    }
  }

  static long bytes(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new TracingConfigException("expected a number of bytes", e);
    }
  }

  static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new TracingConfigException("expected a number", e);
    }
  }

  /** Reads milliseconds, or a number with a unit, as OpenTelemetry's autoconfiguration does. */
  static Duration millis(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      throw new TracingConfigException("expected a whole number of milliseconds");
    }
    long number = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofMillis(number);
    };
  }

  /** Reads a timeout, of which 0 means none; a day is as good, and can be calculated with. */
  static Duration timeout(String text) {
    Duration value = millis(text);
    return value.isZero() ? Duration.ofDays(1) : value;
  }

  static Path file(String text) {
    Path path = Path.of(text);
    if (!Files.isReadable(path)) {
      throw new TracingConfigException("expected a PEM file that can be read");
    }
    return path;
  }

  static Set<String> set(String text) {
    Set<String> all = new LinkedHashSet<>();
    for (String part : text.split(",", -1)) {
      if (!part.isBlank()) {
        all.add(part.strip());
      }
    }
    return all;
  }

  /** Reads {@code k=v,k2=v2} with percent-encoded values, each split at its first '='. */
  static Map<String, String> pairs(String text) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String part : set(text)) {
      Map.Entry<String, String> pair = pair(part);
      all.put(pair.getKey(), pair.getValue());
    }
    return all;
  }

  static Map.Entry<String, String> pair(String text) {
    int at = text.indexOf('=');
    if (at < 1) {
      throw new TracingConfigException("expected key=value pairs, separated by commas");
    }
    return Map.entry(text.substring(0, at).strip(), decoded(text.substring(at + 1).strip()));
  }

  // The decoder of forms turns '+' into a space, which these lists do not mean.
  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new TracingConfigException("expected '%' only before two hex digits", e);
    }
  }
}
