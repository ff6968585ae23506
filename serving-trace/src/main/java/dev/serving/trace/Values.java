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

/** Settings as text, read strictly: what is wrong is said, never guessed. */
final class Values {
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

  static Duration millis(String text) {
    try {
      return Duration.ofMillis(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw new TracingConfigException("expected a whole number of milliseconds", e);
    }
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
      int at = part.indexOf('=');
      if (at < 1) {
        throw new TracingConfigException("expected key=value pairs, separated by commas");
      }
      all.put(part.substring(0, at).strip(), decoded(part.substring(at + 1).strip()));
    }
    return all;
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
