package dev.serving.core.frontend.metrics;

import io.prometheus.metrics.model.snapshots.Unit;

/** Units beside Prometheus' base units; a family's name ends by its unit. */
final class Units {
  static final Unit TOKENS = new Unit("tokens");

  private Units() {}
}
