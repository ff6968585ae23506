package dev.serving.core.frontend.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;

/** Families that are read off one look, so that a scrape's sums hold. */
final class OneMoment<T> implements MultiCollector {
  private final Supplier<T> look;
  private final List<Family<T>> families;

  OneMoment(Supplier<T> look, List<Family<T>> families) {
    this.look = look;
    this.families = List.copyOf(families);
  }

  @Override
  public MetricSnapshots collect() {
    T seen = look.get();
    return new MetricSnapshots(families.stream().map(family -> family.read(seen)).toList());
  }

  @Override
  public List<String> getPrometheusNames() {
    return families.stream().map(Family::name).toList();
  }
}
