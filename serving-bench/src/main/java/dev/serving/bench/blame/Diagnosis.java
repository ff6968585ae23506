package dev.serving.bench.blame;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What a server said of a request that was held up.
 *
 * @param traceId its trace
 * @param ns how long it took
 * @param top the top cause
 * @param right whether that is right
 * @param culprit whether the culprit of most of it is one of those that did it; null where there
 *     was none to name
 */
record Diagnosis(String traceId, long ns, String top, boolean right, Boolean culprit) {
  static final String HEAD =
      String.format(
          "%-22s %9s %9s %8s  %-44s %s",
          "injury", "cause", "culprit", "slower", "top causes", "most of Jaeger's critical path");

  static Diagnosis of(JsonNode why, Injured injured, Injury injury) {
    String top = why.path("total").path("top").asString();
    Boolean named = injured.culprits().isEmpty() ? null : named(why, injured, injury);
    return new Diagnosis(
        why.path("trace_id").asString(), ns(why), top, injury.causes().contains(top), named);
  }

  /** Those who did it, and nobody else, are the culprits of most. */
  private static boolean named(JsonNode why, Injured injured, Injury injury) {
    return why.path("total")
        .path("culprits")
        .valueStream()
        .filter(who -> injury.causes().contains(who.path("cause").asString()))
        .findFirst()
        .map(who -> who.has("rank") ? "rank " + who.path("rank") : who.path("request").asString(""))
        .filter(injured.culprits()::contains)
        .isPresent();
  }

  /** How long a request took that a server said this of. */
  static long ns(JsonNode why) {
    return why.path("total").path("ns").asLong();
  }

  /**
   * A line of the table.
   *
   * @param controls how long the same request took, not held up; empty where there was none
   */
  static String line(
      Injury injury, List<Diagnosis> all, List<Long> controls, List<Map<String, Long>> paths) {
    long right = all.stream().filter(Diagnosis::right).count();
    List<Boolean> named = all.stream().map(Diagnosis::culprit).filter(Objects::nonNull).toList();
    long who = named.stream().filter(is -> is).count();
    return String.format(
        Locale.ROOT,
        "%-22s %4d/%-4d %9s %8s  %-44s %s",
        injury.name(),
        right,
        all.size(),
        named.isEmpty() ? "-" : who + "/" + named.size(),
        controls.isEmpty()
            ? "-"
            : String.format(
                Locale.ROOT,
                "%.1f x",
                (double) median(all.stream().map(Diagnosis::ns)) / median(controls.stream())),
        counts(all.stream().map(Diagnosis::top)),
        counts(paths.stream().map(Diagnosis::most)));
  }

  private static long median(Stream<Long> times) {
    List<Long> sorted = times.sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private static String most(Map<String, Long> path) {
    return path.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse("no trace");
  }

  private static String counts(Stream<String> names) {
    Map<String, Long> counts =
        names.collect(Collectors.groupingBy(n -> n, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
