package dev.serving.viewer;

import dev.serving.viewer.chart.StageStats;
import dev.serving.viewer.store.RequestFacts;
import dev.serving.viewer.store.StoredTrace;
import dev.serving.viewer.store.TraceSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Many traces together: over time, the slowest, why they failed. */
final class StatsJson {
  private static final int PARTS = 24;
  private static final int SLOWEST = 10;

  private record Seen(StoredTrace trace, TraceSummary summary) {}

  private StatsJson() {}

  static Map<String, Object> of(List<StoredTrace> traces) {
    List<Seen> seen = traces.stream().map(it -> new Seen(it, TraceSummary.of(it))).toList();
    return Json.object(
        "traces", traces.size(),
        "failed", seen.stream().filter(it -> isFailed(it.summary())).count(),
        "stages", InsightApi.stages(StageStats.of(traces)),
        "parts", parts(seen),
        "reasons", reasons(seen),
        "slowest", slowest(seen));
  }

  /** Equal stretches of time, from the first begin to the last; those without a request too. */
  private static List<Object> parts(List<Seen> seen) {
    if (seen.isEmpty()) {
      return List.of();
    }
    long from = seen.stream().mapToLong(it -> it.summary().startNanos()).min().orElseThrow();
    long to = seen.stream().mapToLong(it -> it.summary().startNanos()).max().orElseThrow() + 1;
    long length = Math.max(1, (to - from + PARTS - 1) / PARTS);
    List<List<Seen>> parts = new ArrayList<>();
    for (long at = from; at < to; at += length) {
      parts.add(new ArrayList<>());
    }
    seen.forEach(it -> parts.get((int) ((it.summary().startNanos() - from) / length)).add(it));
    List<Object> json = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      json.add(part(parts.get(i), from + i * length, length));
    }
    return json;
  }

  private static Map<String, Object> part(List<Seen> seen, long from, long length) {
    long tokens = seen.stream().mapToLong(it -> tokens(it.summary().facts())).sum();
    return Json.object(
        "startUnixMillis",
        from / 1e6,
        "durationNanos",
        length,
        "traces",
        seen.size(),
        "failed",
        seen.stream().filter(it -> isFailed(it.summary())).count(),
        "tokensPerSecond",
        tokens / (length / 1e9),
        "stages",
        InsightApi.stages(StageStats.of(seen.stream().map(Seen::trace).toList())));
  }

  /** The most frequent reason first. */
  private static List<Object> reasons(List<Seen> seen) {
    Map<String, Integer> counts = new TreeMap<>();
    seen.stream()
        .filter(it -> isFailed(it.summary()))
        .forEach(it -> counts.merge(it.summary().facts().ending(), 1, Integer::sum));
    List<Object> json = new ArrayList<>();
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .forEach(it -> json.add(Json.object("reason", it.getKey(), "traces", it.getValue())));
    return json;
  }

  private static List<Object> slowest(List<Seen> seen) {
    List<Object> json = new ArrayList<>();
    seen.stream()
        .map(Seen::summary)
        .sorted(Comparator.comparingLong(TraceSummary::durationNanos).reversed())
        .limit(SLOWEST)
        .forEach(it -> json.add(SummaryJson.of(it)));
    return json;
  }

  private static boolean isFailed(TraceSummary summary) {
    return summary.errors() > 0 || summary.facts().status().orElse(0) >= 400;
  }

  private static long tokens(RequestFacts facts) {
    return facts.tokensOut().orElse(0);
  }
}
