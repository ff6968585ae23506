package dev.serving.core.frontend.metrics;

import io.prometheus.metrics.config.ExemplarsProperties;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.stream.IntStream;

/** Makes histograms with fixed buckets, and the buckets that several have. */
final class Histograms {
  /** 1, 2, 4 … 2^20. */
  static final double[] POWERS = powers(20);

  /** 1, 2, 4 … 2^14. */
  static final double[] STEP_POWERS = powers(14);

  /**
   * The client looks for a new exemplar of a series at most so often, and after each look a thread
   * of its own wakes. Its own 90 ms would miss most of what happens at once, and 1 ms would wake it
   * for each token; one that is replaced must still have been scraped once.
   */
  private static final PrometheusProperties EXEMPLARS =
      PrometheusProperties.builder()
          .exemplarProperties(
              ExemplarsProperties.builder()
                  .sampleIntervalMilliseconds(20)
                  .minRetentionPeriodSeconds(7)
                  .maxRetentionPeriodSeconds(70)
                  .build())
          .build();

  private Histograms() {}

  static Histogram register(
      Metrics metrics, String name, String help, Unit unit, double[] bounds, String... labels) {
    return Histogram.builder(EXEMPLARS)
        .name(name)
        .help(help)
        .unit(unit)
        .classicOnly()
        .classicUpperBounds(bounds)
        .labelNames(labels)
        .register(metrics.registry());
  }

  /** Records a value, with the labels of an exemplar unless they are empty. */
  static void record(DistributionDataPoint series, double value, Labels exemplar) {
    if (exemplar.isEmpty()) {
      series.observe(value);
    } else {
      series.observeWithExemplar(value, exemplar);
    }
  }

  private static double[] powers(int last) {
    return IntStream.rangeClosed(0, last).mapToDouble(i -> 1 << i).toArray();
  }
}
