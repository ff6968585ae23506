package dev.serving.core.frontend.api;

import dev.serving.core.message.TracingLevels;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is to be traced from now on; null leaves a setting as it is.
 *
 * @param level 0 to 3
 * @param modules modules to trace, empty for all
 * @param sampleRatio 0 to 1
 */
public record TracingRequest(Integer level, Set<String> modules, Double sampleRatio) {
  private static final int MAX_MODULES = 64;

  /**
   * Reads the body of {@code PUT /tracing}.
   *
   * @throws ApiException when it is malformed or wrong
   */
  public static TracingRequest parse(byte[] body) {
    Fields fields = Json.object(body);
    Double ratio = fields.number("sample_ratio", 0, 1);
    return new TracingRequest(
        fields.integer("level", 0, TracingLevels.MOST),
        fields.node("modules") == null
            ? null
            : new TreeSet<>(fields.list("modules", MAX_MODULES, Fields.Element::text)),
        ratio);
  }
}
