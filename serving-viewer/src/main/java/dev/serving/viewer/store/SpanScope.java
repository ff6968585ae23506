package dev.serving.viewer.store;

import java.util.Objects;

/**
 * The instrumentation that made a span.
 *
 * @param name its name, may be empty
 * @param version its version, may be empty
 */
public record SpanScope(String name, String version) {
  public static final SpanScope NONE = new SpanScope("", "");

  /** Checks that nothing is null. */
  public SpanScope {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
  }
}
