package dev.serving.bench.server;

import java.util.ArrayList;
import java.util.List;

/** Ratios of what was measured in pairs: their median, and how well it is known. */
final class Ratios {
  private final List<Double> ratios = new ArrayList<>();

  void add(double ratio) {
    ratios.add(ratio);
  }

  int count() {
    return ratios.size();
  }

  double median() {
    List<Double> sorted = ratios.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /**
   * Between which two values the true median lies with a probability of 95 %, whatever the
   * distribution: order statistics of the binomial, in its normal approximation.
   */
  double[] interval() {
    List<Double> sorted = ratios.stream().sorted().toList();
    int n = sorted.size();
    int low = (int) Math.max(0, Math.floor((n - 1.96 * Math.sqrt(n)) / 2));
    return new double[] {sorted.get(low), sorted.get(n - 1 - low)};
  }
}
