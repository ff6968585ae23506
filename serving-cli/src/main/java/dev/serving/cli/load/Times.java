package dev.serving.cli.load;

import org.HdrHistogram.Histogram;

/**
 * Many times, as what is asked of them: mean and quantiles. Not safe for use by several threads.
 */
final class Times {
  private static final int DIGITS = 3;

  private final Histogram micros = new Histogram(DIGITS);

  void add(long nanos) {
    micros.recordValue(Math.max(0, nanos / 1000));
  }

  Quantiles quantiles() {
    return new Quantiles(
        micros.getTotalCount(),
        micros.getTotalCount() == 0 ? 0 : micros.getMean() / 1e3,
        micros.getStdDeviation() / 1e3,
        at(50),
        at(90),
        at(99),
        micros.getMaxValue() / 1e3);
  }

  private double at(double percentile) {
    return micros.getValueAtPercentile(percentile) / 1e3;
  }

  /** Of as many times, in milliseconds; within a thousandth. */
  record Quantiles(
      long count, double mean, double std, double p50, double p90, double p99, double max) {}
}
