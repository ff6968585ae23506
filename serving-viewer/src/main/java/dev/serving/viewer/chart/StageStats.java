package dev.serving.viewer.chart;

import dev.serving.viewer.store.StoredSpan;
import dev.serving.viewer.store.StoredTrace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long many requests took in their stages. */
public final class StageStats {
  private StageStats() {}

  /** Each passage of each request counts once, each rank's too; failed ones are left out. */
  public static Map<Stage, Percentiles> of(Collection<StoredTrace> traces) {
    Map<Stage, List<Long>> nanos = new EnumMap<>(Stage.class);
    for (StoredTrace trace : traces) {
      trace.spans().stream().filter(span -> !span.failed()).forEach(span -> add(span, nanos));
    }
    Map<Stage, Percentiles> stats = new EnumMap<>(Stage.class);
    nanos.forEach((stage, all) -> stats.put(stage, Percentiles.of(all)));
    return stats;
  }

  /**
   * How long one request was in each stage. What it passed twice is summed; of several ranks the
   * slowest counts.
   */
  public static Map<Stage, Long> ofOne(StoredTrace trace) {
    Map<Stage, Map<String, Long>> sums = new EnumMap<>(Stage.class);
    for (StageTime time : StageTime.of(LaneChart.of(trace))) {
      sums.computeIfAbsent(time.stage(), stage -> new HashMap<>())
          .merge(time.lane(), time.span().durationNanos(), Long::sum);
    }
    Map<Stage, Long> greatest = new EnumMap<>(Stage.class);
    sums.forEach(
        (stage, lanes) ->
            greatest.put(stage, lanes.values().stream().mapToLong(it -> it).max().orElse(0)));
    return greatest;
  }

  private static void add(StoredSpan span, Map<Stage, List<Long>> nanos) {
    Stage.of(span)
        .ifPresent(
            stage ->
                nanos.computeIfAbsent(stage, it -> new ArrayList<>()).add(span.durationNanos()));
  }
}
