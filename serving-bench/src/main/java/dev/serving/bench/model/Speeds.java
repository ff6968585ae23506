package dev.serving.bench.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measurements by name, several of each, and their medians. */
final class Speeds {
  private final Map<String, List<Double>> byName = new LinkedHashMap<>();

  void add(String name, double value) {
    byName.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
  }

  double median(String name) {
    double[] values = byName.get(name).stream().mapToDouble(Double::doubleValue).toArray();
    return ModelRun.median(values);
  }

  /** One line a name: median, smallest, largest. */
  String table() {
    StringBuilder text = new StringBuilder();
    byName.forEach(
        (name, values) -> {
          double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
          Arrays.sort(sorted);
          text.append(
              String.format(
                  Locale.ROOT,
                  "%-36s %9.2f   (%.2f to %.2f)%n",
                  name,
                  median(name),
                  sorted[0],
                  sorted[sorted.length - 1]));
        });
    return text.toString();
  }
}
