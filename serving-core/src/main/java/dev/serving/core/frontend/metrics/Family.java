package dev.serving.core.frontend.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A family whose values are read off something that was looked at, so that several families can be
 * of one moment.
 *
 * @param name as scraped, a counter's without its {@code _total}
 * @param help what it says, in a sentence
 * @param unit by which the name ends, or null
 * @param counter whether it only rises, else it is a gauge
 * @param values reads the values
 */
record Family<T>(
    String name, String help, Unit unit, boolean counter, Function<T, Stream<Value>> values) {

  /** A value and its labels. */
  record Value(Labels labels, double value) {}

  static <T> Family<T> gauge(
      String name, String help, Unit unit, Function<T, Stream<Value>> values) {
    return new Family<>(name, help, unit, false, values);
  }

  static <T> Family<T> counter(
      String name, String help, Unit unit, Function<T, Stream<Value>> values) {
    return new Family<>(name, help, unit, true, values);
  }

  MetricSnapshot read(T seen) {
    return counter ? counted(seen) : gauged(seen);
  }

  private CounterSnapshot counted(T seen) {
    CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help).unit(unit);
    values
        .apply(seen)
        .map(v -> new CounterDataPointSnapshot(v.value, v.labels, null, 0))
        .forEach(family::dataPoint);
    return family.build();
  }

  private GaugeSnapshot gauged(T seen) {
    GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help).unit(unit);
    values
        .apply(seen)
        .map(v -> new GaugeDataPointSnapshot(v.value, v.labels, null))
        .forEach(family::dataPoint);
    return family.build();
  }
}
