package dev.serving.trace.config;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Locale;

/**
 * Which requests are recorded. Immutable.
 *
 * @param parentBased whether the sampled flag of the caller's context decides where there is one
 * @param kind how a request without a caller's verdict is decided
 * @param ratio share of those requests that is recorded, 0 to 1; always 1 or 0 unless {@code kind}
 *     is {@link Kind#TRACE_ID_RATIO}
 */
@RecordBuilder
public record SamplingConfig(boolean parentBased, Kind kind, double ratio)
    implements SamplingConfigBuilder.With {

  /** Everything, unless the caller said no. */
  public static final SamplingConfig DEFAULT = new SamplingConfig(true, Kind.ALWAYS_ON, 1);

  /** How a request is decided that no caller has decided. */
  public enum Kind {
    /** Recorded. */
    ALWAYS_ON,
    /** Not recorded. */
    ALWAYS_OFF,
    /** Recorded if its trace id falls into a share of all. */
    TRACE_ID_RATIO
  }

  /**
   * Checks the ratio.
   *
   * @throws TracingConfigException if it is not between 0 and 1
   */
  public SamplingConfig {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new TracingConfigException("The sample ratio must be from 0 to 1, not " + ratio + ".");
    }
    ratio = kind == Kind.TRACE_ID_RATIO ? ratio : kind == Kind.ALWAYS_ON ? 1 : 0;
  }

  /** A share of the requests that the caller has not decided. */
  public static SamplingConfig ratio(double ratio) {
    return new SamplingConfig(true, Kind.TRACE_ID_RATIO, ratio);
  }

  /**
   * The sampler that {@code OTEL_TRACES_SAMPLER} names, with ratio 1.
   *
   * @throws TracingConfigException if it is none of the six standard ones
   */
  public static SamplingConfig named(String name) {
    String text = name.toLowerCase(Locale.ROOT);
    boolean parent = text.startsWith("parentbased_");
    Kind kind =
        switch (parent ? text.substring("parentbased_".length()) : text) {
          case "always_on" -> Kind.ALWAYS_ON;
          case "always_off" -> Kind.ALWAYS_OFF;
          case "traceidratio" -> Kind.TRACE_ID_RATIO;
          default ->
              throw new TracingConfigException(
                  "expected always_on, always_off or traceidratio, with or without parentbased_"
                      + " before it");
        };
    return new SamplingConfig(parent, kind, 1);
  }
}
