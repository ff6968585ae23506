package dev.serving.trace;

import dev.serving.trace.config.TracingConfigException;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.List;

/**
 * Which OpenTelemetry there is. An application brings its own, and it may be older than ours: what
 * came after the oldest that works is asked for here.
 */
final class OpenTelemetryVersion {
  static final String OLDEST = "1.43.0";

  /** What the oldest one has and older ones lack. */
  private static final List<String> NEEDED =
      List.of(
          "io.opentelemetry.api.common.Value", "io.opentelemetry.sdk.trace.export.SpanExporter");

  private OpenTelemetryVersion() {}

  /**
   * Checks that the OpenTelemetry on the class path will do, if anything is to be traced.
   *
   * @throws TracingConfigException if not; the message names the version found and the one needed
   */
  static void check(TracingConfig config) {
    if (config.enabled()) {
      check(found(), NEEDED);
    }
  }

  static void check(String found, List<String> needed) {
    if (number(found) < number(OLDEST)
        || !needed.stream().allMatch(OpenTelemetryVersion::present)) {
      throw new TracingConfigException(
          "OpenTelemetry %s is on the class path; tracing needs %s or newer. Raise it, as by opentelemetry-bom, or turn tracing off."
              .formatted(found, OLDEST));
    }
  }

  // Before 1.60 no generator says that its ids are random, but the one that OpenTelemetry makes is.
  static boolean randomIds(IdGenerator ids) {
    try {
      return ids.generatesRandomTraceIds();
    } catch (NoSuchMethodError old) {
      return ids == IdGenerator.random();
    }
  }

  private static String found() {
    String version =
        Resource.getDefault()
            .getAttribute(
                io.opentelemetry.api.common.AttributeKey.stringKey("telemetry.sdk.version"));
    return version == null ? "of an unknown version" : version;
  }

  /** Major and minor version as one number; what cannot be read passes. */
  private static int number(String version) {
    String[] parts = version.split("\\.", -1);
    try {
      return Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Integer.MAX_VALUE;
    }
  }

  private static boolean present(String type) {
    try {
      Class<?> unused = Class.forName(type, false, OpenTelemetryVersion.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
