package dev.serving.core.message;

import java.util.Objects;
import java.util.Optional;

/**
 * What a process says of itself.
 *
 * @param usage what it takes of its machine
 * @param spans how its spans fare; all 0 where nothing is traced
 */
public record ProcessReport(ProcessUsage usage, SpanCounts spans) {
  /** Of a process that has not said anything. */
  public static final ProcessReport NONE = new ProcessReport(ProcessUsage.NONE, SpanCounts.NONE);

  /** Refuses missing parts. */
  public ProcessReport {
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(spans, "spans");
  }

  /** Of this process, now. */
  public static ProcessReport now(Optional<SpanCounts> spans) {
    return new ProcessReport(ProcessUsage.now(), spans.orElse(SpanCounts.NONE));
  }
}
