package dev.serving.viewer.chart;

import java.util.Collection;

/**
 * How a set of durations is spread, in nanoseconds: each figure is one of the durations.
 *
 * @param count how many there are
 * @param p50 half are no longer
 * @param p90 nine of ten are no longer
 * @param p99 99 of 100 are no longer
 */
public record Percentiles(int count, long p50, long p90, long p99) {

  /** Of at least one duration. */
  public static Percentiles of(Collection<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return new Percentiles(sorted.length, rank(sorted, 0.5), rank(sorted, 0.9), rank(sorted, 0.99));
  }

  private static long rank(long[] sorted, double share) {
    return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }
}
