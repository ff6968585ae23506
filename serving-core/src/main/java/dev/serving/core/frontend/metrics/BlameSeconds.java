package dev.serving.core.frontend.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.List;

/**
 * Seconds of requests by cause: what they sum to is what requests took in sum. Each series is
 * there, at 0, from the start. Any thread.
 */
public final class BlameSeconds {
  private static final double NANOS = 1e9;

  private final String model;
  private final Counter seconds;

  /**
   * Meters of one model.
   *
   * @param metrics where they are registered
   * @param model its name, a label
   * @param causes their labels
   */
  public BlameSeconds(Metrics metrics, String model, List<String> causes) {
    this.model = model;
    seconds =
        Counter.builder()
            .name("serving_request_blame_seconds")
            .help("Time of requests that are over, by its cause; all causes sum to all time.")
            .unit(Unit.SECONDS)
            .labelNames("model", "cause")
            .withoutExemplars()
            .register(metrics.registry());
    causes.forEach(cause -> seconds.initLabelValues(model, cause));
  }

  /** A cause took so much of a request. */
  public void add(String cause, long nanos) {
    seconds.labelValues(model, cause).inc(nanos / NANOS);
  }
}
