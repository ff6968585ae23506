package dev.serving.core.message;

import dev.serving.trace.TraceLevel;
import dev.serving.trace.Tracing;
import java.util.Set;

/**
 * What is traced, as it can be changed while the server runs.
 *
 * @param level 0 (off) to 3 (everything)
 * @param modules modules to trace; empty means all
 * @param sampleRatio share of requests that are sampled, 0 to 1
 */
public record TracingLevels(int level, Set<String> modules, double sampleRatio) {
  /** The level that records everything. */
  public static final int MOST = TraceLevel.DETAILS.number();

  /** Refuses levels and ratios outside their range, naming the range. */
  public TracingLevels {
    if (level < 0 || level > MOST) {
      throw new IllegalArgumentException("level must be 0 to " + MOST + ", was " + level);
    }
    if (!(sampleRatio >= 0 && sampleRatio <= 1)) {
      throw new IllegalArgumentException("sample_ratio must be 0 to 1, was " + sampleRatio);
    }
    modules = Set.copyOf(modules);
  }

  /** Makes a process trace so from now on; requests that have begun keep what they began with. */
  public void applyTo(Tracing tracing) {
    tracing.level(level);
    tracing.modules(modules);
    tracing.sampleRatio(sampleRatio);
  }
}
