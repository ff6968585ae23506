package dev.serving.cli.soak;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One look at a server's metrics. */
record Scrape(Map<String, Double> series) {
  private static final Pattern PROCESS = Pattern.compile("process=\"([^\"]*)\"");

  /** Reads Prometheus' text format. */
  static Scrape of(String text) {
    Map<String, Double> series = new LinkedHashMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              series.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
            });
    return new Scrape(series);
  }

  /** The sum of a family's series. */
  double sum(String family) {
    return byLabels(family).values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** The sums of a family's series by their process. */
  Map<String, Double> byProcess(String family) {
    Map<String, Double> sums = new LinkedHashMap<>();
    byLabels(family)
        .forEach(
            (labels, value) -> {
              Matcher process = PROCESS.matcher(labels);
              sums.merge(process.find() ? process.group(1) : "", value, Double::sum);
            });
    return sums;
  }

  /** A family's series by their labels as they are written. */
  Map<String, Double> byLabels(String family) {
    Map<String, Double> found = new LinkedHashMap<>();
    series.forEach(
        (name, value) -> {
          if (name.equals(family) || name.startsWith(family + "{")) {
            found.put(name.substring(family.length()), value);
          }
        });
    return found;
  }
}
