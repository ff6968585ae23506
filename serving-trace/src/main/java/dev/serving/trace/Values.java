package dev.serving.trace;

import dev.serving.trace.config.TracingConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings as text: what is wrong is said, never guessed. */
final class Values {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,18})\\s*(ms|s|m|h|d|)");

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
    TimeUnit unit =
        switch (parts.group(2)) {
          case "s" -> TimeUnit.SECONDS;
          case "m" -> TimeUnit.MINUTES;
          case "h" -> TimeUnit.HOURS;
          case "d" -> TimeUnit.DAYS;
          default -> TimeUnit.MILLISECONDS;
        };
    // What is more than there is stays the most there is, which people write for "never".
    return Duration.ofMillis(unit.toMillis(Long.parseLong(parts.group(1))));
  }

  /** Reads a timeout, of which 0 means none; a day is as good, and can be calculated with. */
  static Duration timeout(String text) {
    Duration value = millis(text);
    return value.isZero() ? Duration.ofDays(1) : value;
  }

  static Path file(String text) {
    try {
      Path path = Path.of(text);
      if (Files.isReadable(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw new TracingConfigException("expected a PEM file that can be read", e);
    }
    throw new TracingConfigException("expected a PEM file that can be read");
  }

  static Path certificates(String text) {
    Path path = file(text);
    try {
      String pem = Files.readString(path, StandardCharsets.ISO_8859_1);
      InputStream in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1));
      boolean some = !CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty();
      if (some && pem.contains("-----BEGIN CERTIFICATE")) {
        return path;
      }
    } catch (IOException | CertificateException e) {
      throw new TracingConfigException("expected a PEM file of certificates", e);
    }
    throw new TracingConfigException("expected a PEM file of certificates");
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

  /** Reads {@code k=v,k2=v2} with percent-encoded parts, each split at its first '='. */
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
    return Map.entry(
        decoded(text.substring(0, at).strip()), decoded(text.substring(at + 1).strip()));
  }

  /** The same, of which a '%' that begins no code stands for itself. */
  static Map.Entry<String, String> pairAsItStands(String text) {
    return pair(text.replaceAll("%(?![0-9A-Fa-f]{2})", "%25"));
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
