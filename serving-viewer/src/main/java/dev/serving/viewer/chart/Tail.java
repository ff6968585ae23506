package dev.serving.viewer.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which cause makes slow requests slow: the slowest tenth beside the others.
 *
 * @param requests how many say what their time went to
 * @param slowest how many of them are the tenth
 * @param fromNanos the least that one of these took
 * @param causes the one that explains most first
 */
public record Tail(int requests, int slowest, long fromNanos, List<Cause> causes) {
  private static final int TENTH = 10;

  /**
   * One cause's part.
   *
   * @param name such as {@code queue.budget}
   * @param meanNanos what it took of a request on the average
   * @param slowestNanos what it took of one of the slowest on the average
   * @param explains its share of what the slowest took longer than the others, on the average; the
   *     shares of all causes sum to one, and one that took less there has a negative one
   */
  public record Cause(String name, double meanNanos, double slowestNanos, double explains) {}

  /** Of requests that say their causes, each a map of nanoseconds. */
  public static Tail of(List<Map<String, Long>> requests) {
    List<Map<String, Long>> slowestFirst = new ArrayList<>(requests);
    slowestFirst.sort(Comparator.<Map<String, Long>>comparingLong(Tail::total).reversed());
    int tenth = (requests.size() + TENTH - 1) / TENTH;
    List<Map<String, Long>> slowest = slowestFirst.subList(0, tenth);
    List<Map<String, Long>> others = slowestFirst.subList(tenth, slowestFirst.size());
    return new Tail(
        requests.size(),
        tenth,
        tenth == 0 ? 0 : total(slowest.get(tenth - 1)),
        causes(means(slowestFirst), means(slowest), means(others)));
  }

  private static List<Cause> causes(
      Map<String, Double> all, Map<String, Double> slowest, Map<String, Double> others) {
    Map<String, Double> more = new TreeMap<>();
    all.keySet()
        .forEach(
            name ->
                more.put(name, slowest.getOrDefault(name, 0.0) - others.getOrDefault(name, 0.0)));
    double whole = more.values().stream().mapToDouble(it -> it).sum();
    return all.keySet().stream()
        .map(
            name ->
                new Cause(
                    name,
                    all.get(name),
                    slowest.getOrDefault(name, 0.0),
                    whole > 0 ? more.get(name) / whole : 0))
        .sorted(Comparator.comparingDouble(Cause::explains).reversed())
        .toList();
  }

  private static Map<String, Double> means(List<Map<String, Long>> requests) {
    Map<String, Double> means = new TreeMap<>();
    for (Map<String, Long> request : requests) {
      request.forEach(
          (name, nanos) -> means.merge(name, (double) nanos / requests.size(), Double::sum));
    }
    return means;
  }

  private static long total(Map<String, Long> request) {
    return request.values().stream().mapToLong(it -> it).sum();
  }
}
