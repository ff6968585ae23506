package dev.serving.viewer.chart;

import dev.serving.viewer.store.StoredSpan;
import java.util.Arrays;
import java.util.Optional;

/** The five stages of a request, in the order in which it passes them. */
public enum Stage {
  PREPROCESSING,
  SCHEDULE,
  PREFILL,
  DECODE,
  POSTPROCESSING;

  public static Optional<Stage> of(StoredSpan span) {
    return Arrays.stream(values()).filter(stage -> stage.name().equals(span.name())).findFirst();
  }
}
